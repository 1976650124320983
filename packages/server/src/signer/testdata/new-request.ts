import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'

/** A certificate request by a new key, as an endpoint makes one. */
export async function newRequest(name: string): Promise<string> {
  x509.cryptoProvider.set(webcrypto as Crypto)
  const signingAlgorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const keys = (await webcrypto.subtle.generateKey(signingAlgorithm, true, [
    'sign',
    'verify',
  ])) as CryptoKeyPair
  const request = await x509.Pkcs10CertificateRequestGenerator.create({ name, keys, signingAlgorithm })
  return request.toString('pem')
}
