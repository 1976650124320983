import { ed25519 } from '@noble/curves/ed25519.js'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { canonicalBytes, digestOfBytes } from '@tocsin/model'

/** Signs the canonical bytes of a value with an Ed25519 secret key (32 bytes); hex. */
export function sign(value: unknown, secretKey: Uint8Array): string {
  return bytesToHex(ed25519.sign(canonicalBytes(value), secretKey))
}

/** Whether `signature` is that key's over the value's canonical bytes; malformed input is false, never a throw. */
export function isSignedBy(value: unknown, signature: string, publicKeyHex: string): boolean {
  try {
    return ed25519.verify(hexToBytes(signature), canonicalBytes(value), hexToBytes(publicKeyHex))
  } catch {
    return false
  }
}

export function publicKeyOf(secretKey: Uint8Array): string {
  return bytesToHex(ed25519.getPublicKey(secretKey))
}

/** First 16 hex digits of the public key's SHA-256. */
export function keyIdOf(publicKeyHex: string): string {
  return digestOfBytes(hexToBytes(publicKeyHex)).slice(0, 16)
}
