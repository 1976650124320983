import 'reflect-metadata'
import { createHash, webcrypto, X509Certificate } from 'node:crypto'
import { chmod, readFile, rename, writeFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { join } from 'node:path'
import * as x509 from '@peculiar/x509'
import type { Signer } from '../keys/index.ts'

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const monthMs = 30 * 24 * 60 * 60 * 1_000

export interface ListenerTls {
  /** PEM. */
  readonly key: string
  /** The listener's certificate and the authority's: who enrols finds the pinned one at the end of the chain. */
  readonly cert: string
  readonly ca: string
  /** SHA-256 of the authority's certificate, hex: what agents pin. */
  readonly caPin: string
}

/**
 * Key and certificate of the listener. They are kept in `folder` and made anew when the authority or the names changed
 * or little time is left.
 */
// Limit: a certificate is renewed when the server starts; one that never restarts for a year outlives it.
export async function listenerTls(
  signer: Signer,
  folder: string,
  names: readonly string[],
): Promise<ListenerTls> {
  const ca = await signer.authority()
  const authority = new X509Certificate(ca)
  const caPin = createHash('sha256').update(authority.raw).digest('hex')
  const keyFile = join(folder, 'uplink.key')
  const certificateFile = join(folder, 'uplink.pem')
  const kept = await Promise.all([readFile(keyFile, 'utf8'), readFile(certificateFile, 'utf8')]).catch(
    () => null,
  )
  if (kept !== null && isGood(kept[1], authority, names)) {
    return { key: kept[0], cert: chainOf(kept[1], ca), ca, caPin }
  }
  const { key, csr } = await newKey()
  const cert = await signer.issueListener(csr, names)
  await keep(keyFile, key)
  await keep(certificateFile, cert)
  return { key, cert: chainOf(cert, ca), ca, caPin }
}

function chainOf(cert: string, ca: string): string {
  return `${cert.trim()}\n${ca.trim()}\n`
}

function isGood(pem: string, authority: X509Certificate, names: readonly string[]): boolean {
  const certificate = new X509Certificate(pem)
  return (
    certificate.verify(authority.publicKey) &&
    Date.parse(certificate.validTo) - Date.now() > monthMs &&
    names.every((name) => isNamed(certificate, name))
  )
}

function isNamed(certificate: X509Certificate, name: string): boolean {
  return (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) !== undefined
}

async function newKey(): Promise<{ readonly key: string; readonly csr: string }> {
  x509.cryptoProvider.set(webcrypto as Crypto)
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as CryptoKeyPair
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: 'CN=Tocsin uplink',
    keys,
    signingAlgorithm: algorithm,
  })
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)
  return { key: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY'), csr: request.toString('pem') }
}

async function keep(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text, { mode: 0o600 })
  await chmod(`${path}.new`, 0o600)
  await rename(`${path}.new`, path)
}
