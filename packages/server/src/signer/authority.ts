import 'reflect-metadata'
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { join } from 'node:path'
import * as x509 from '@peculiar/x509'
import { exists, writeDurably } from '../storage/postgres/index.ts'

x509.cryptoProvider.set(crypto)

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const day = 86_400_000
const authorityDays = 3_650
const endpointDays = 365
const listenerDays = 397

export interface Issued {
  readonly certificate: string
  readonly serial: string
}

/** The certificate authority of one Tocsin: its key never leaves the signer. */
export interface Authority {
  /** PEM. */
  readonly certificate: string
  /** For TLS clients only; the name in the request is ignored, the endpoint's id is put in its place. */
  issueEndpoint(csr: string, endpoint: string): Promise<Issued>
  /** For the uplink listener: TLS server with these DNS names or addresses. */
  issueListener(csr: string, names: readonly string[]): Promise<string>
}

/** Opens the authority of a folder, making it at first. */
export async function openAuthority(folder: string): Promise<Authority> {
  const { key, certificate } = (await exists(join(folder, 'ca.pk8')))
    ? await keptIn(folder)
    : await made(folder)
  return {
    certificate: certificate.toString('pem'),
    issueEndpoint: async (csr, endpoint) => {
      const issued = await issue({ certificate, key, csr, days: endpointDays, subject: `CN=${endpoint}` }, [
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth], true),
        new x509.SubjectAlternativeNameExtension([{ type: 'url', value: `urn:uuid:${endpoint}` }]),
      ])
      return { certificate: issued.toString('pem'), serial: issued.serialNumber }
    },
    issueListener: async (csr, names) => {
      const issued = await issue({ certificate, key, csr, days: listenerDays, subject: 'CN=Tocsin uplink' }, [
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth], true),
        new x509.SubjectAlternativeNameExtension(
          names.map((name) => ({ type: isIP(name) === 0 ? ('dns' as const) : ('ip' as const), value: name })),
        ),
      ])
      return issued.toString('pem')
    },
  }
}

interface Kept {
  readonly key: CryptoKey
  readonly certificate: x509.X509Certificate
}

async function keptIn(folder: string): Promise<Kept> {
  const [pkcs8, pem] = await Promise.all([
    readFile(join(folder, 'ca.pk8')),
    readFile(join(folder, 'ca.pem'), 'utf8'),
  ])
  const key = await crypto.subtle.importKey('pkcs8', new Uint8Array(pkcs8), algorithm, false, ['sign'])
  return { key, certificate: new x509.X509Certificate(pem) }
}

async function made(folder: string): Promise<Kept> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    name: `CN=Tocsin authority ${randomBytes(4).toString('hex')}`,
    notBefore: new Date(Date.now() - day),
    notAfter: new Date(Date.now() + authorityDays * day),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  await writeDurably(join(folder, 'ca.pem'), certificate.toString('pem'))
  await writeDurably(
    join(folder, 'ca.pk8'),
    Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey)),
  )
  return { key: keys.privateKey, certificate }
}

interface Order {
  readonly certificate: x509.X509Certificate
  readonly key: CryptoKey
  readonly csr: string
  readonly days: number
  readonly subject: string
}

async function issue({ certificate, key, csr, days, subject }: Order, more: readonly x509.Extension[]) {
  const request = new x509.Pkcs10CertificateRequest(csr)
  if (!(await request.verify())) throw new Error('the certificate request is not signed by its own key')
  return x509.X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject,
    issuer: certificate.subject,
    notBefore: new Date(Date.now() - day),
    notAfter: new Date(Date.now() + days * day),
    signingAlgorithm: algorithm,
    publicKey: request.publicKey,
    signingKey: key,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      await x509.AuthorityKeyIdentifierExtension.create(certificate),
      ...more,
    ],
  })
}

/** 128 random bits; the first one is not set, so that it reads as a positive number everywhere. */
function newSerial(): string {
  const bytes = randomBytes(16)
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40
  return bytes.toString('hex')
}
