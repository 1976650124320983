import 'reflect-metadata'
import { createHash, createPrivateKey, webcrypto, X509Certificate } from 'node:crypto'
import { request } from 'node:https'
import { connect, type PeerCertificate } from 'node:tls'
import * as x509 from '@peculiar/x509'
import { enrolAnswer, enrolPath } from '@tocsin/protocol'
import { addressOf } from '../uplink/address.ts'
import { type Identity, keepIdentity } from './kept-identity.ts'

export type { Identity } from './kept-identity.ts'

export interface EnrolmentOrder {
  readonly server: URL
  readonly token: string
  /** SHA-256 of the authority's certificate in DER, hex. */
  readonly caPin: string
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const patienceMs = 30_000
const largestAnswer = 65_536
const longestChain = 10

/** Makes a key, has it certified by the server whose authority has the pin, and keeps the result. */
export async function enrol(stateDir: string, order: EnrolmentOrder): Promise<Identity> {
  const { key, csr } = await newRequest()
  const authority = await pinnedAuthority(order)
  const answer = enrolAnswer.parse(JSON.parse(await post(order, authority, { token: order.token, csr })))
  if (pinOf(answer.authority) !== order.caPin.toLowerCase())
    throw new Error('the server answered with another authority')
  if (!new X509Certificate(answer.certificate).checkPrivateKey(createPrivateKey(key)))
    throw new Error('the server answered with a certificate of another key')
  if (!/^[0-9a-f]{64}$/.test(answer.key)) throw new Error('the server answered without a key for sets')
  const identity: Identity = {
    endpoint: answer.endpoint,
    key,
    certificate: answer.certificate,
    authority: answer.authority,
    programKey: answer.key,
  }
  await keepIdentity(stateDir, identity)
  return identity
}

export function pinOf(pem: string): string {
  return createHash('sha256').update(new X509Certificate(pem).raw).digest('hex')
}

async function newRequest(): Promise<{ readonly key: string; readonly csr: string }> {
  x509.cryptoProvider.set(webcrypto as Crypto)
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as CryptoKeyPair
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: 'CN=endpoint',
    keys,
    signingAlgorithm: algorithm,
  })
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64')
  const key = `-----BEGIN PRIVATE KEY-----\n${pkcs8.match(/.{1,64}/g)?.join('\n')}\n-----END PRIVATE KEY-----\n`
  return { key, csr: request.toString('pem') }
}

/** The authority at the end of the server's chain, if it is the pinned one; nothing is sent before that is known. */
function pinnedAuthority({ server, caPin }: EnrolmentOrder): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...addressOf(server), rejectUnauthorized: false, timeout: patienceMs }, () => {
      const found = lastOf(socket.getPeerCertificate(true))
      socket.destroy()
      const pem = new X509Certificate(found.raw).toString()
      if (pinOf(pem) === caPin.toLowerCase()) resolve(pem)
      else reject(new Error("the server's authority is not the pinned one"))
    })
    socket.on('error', reject)
    socket.on('timeout', () => socket.destroy(new Error('the server does not answer')))
  })
}

function lastOf(certificate: PeerCertificate & { issuerCertificate?: PeerCertificate }): PeerCertificate {
  let last: PeerCertificate & { issuerCertificate?: PeerCertificate } = certificate
  for (let count = 0; count < longestChain; count += 1) {
    const { issuerCertificate } = last
    if (issuerCertificate === undefined || issuerCertificate.fingerprint256 === last.fingerprint256) break
    last = issuerCertificate
  }
  return last
}

function post(order: EnrolmentOrder, authority: string, body: unknown): Promise<string> {
  return new Promise((resolve, reject) => {
    const call = request(
      {
        ...addressOf(order.server),
        path: enrolPath,
        method: 'POST',
        ca: authority,
        timeout: patienceMs,
        headers: { 'content-type': 'application/json' },
      },
      (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => {
          text += chunk
          if (text.length > largestAnswer) response.destroy(new Error('the answer is too long'))
        })
        response.on('error', reject)
        response.on('end', () => {
          if (response.statusCode !== 200)
            reject(new Error(`enrolment was refused: ${response.statusCode} ${text}`))
          else resolve(text)
        })
      },
    )
    call.on('error', reject)
    call.on('timeout', () => call.destroy(new Error('the server does not answer')))
    call.end(JSON.stringify(body))
  })
}
