import { keyIdOf, publicKeyOf, sign } from '@tocsin/protocol'
import type { Signer } from '@tocsin/server/keys/index.ts'

const secret = new Uint8Array(32).fill(42)

/** A signer in this process, for tests that are not about the signer. */
export function fakeSigner(): Signer & { readonly keyId: string } {
  return {
    keyId: keyIdOf(publicKeyOf(secret)),
    programKey: async () => publicKeyOf(secret),
    authority: async () => 'no authority in this test',
    signManifest: async (manifest) => sign(manifest, secret),
    issueEndpoint: async () => ({ certificate: 'none', serial: '01' }),
    issueListener: async () => 'none',
    close: () => undefined,
  }
}
