import 'reflect-metadata'
import { createPrivateKey, webcrypto } from 'node:crypto'
import { once } from 'node:events'
import { request as httpsRequest } from 'node:https'
import * as x509 from '@peculiar/x509'
import { type EnrolAnswer, FrameJoiner, type FromServer, framesOf, fromServer } from '@tocsin/protocol'
import { WebSocket } from 'ws'

x509.cryptoProvider.set(webcrypto as Crypto)
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/** Key and request of a machine that wants to enrol. */
export async function newMachine(): Promise<{ readonly key: string; readonly csr: string }> {
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as CryptoKeyPair
  const name = 'CN=whoever'
  const csr = await x509.Pkcs10CertificateRequestGenerator.create({ name, keys, signingAlgorithm: algorithm })
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)
  const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' })
  return { key: String(key.export({ format: 'pem', type: 'pkcs8' })), csr: csr.toString('pem') }
}

/** A certificate of an authority that nobody here knows, for somebody else's id. */
export async function foreignCredentials(endpoint: string): Promise<{ key: string; cert: string }> {
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as CryptoKeyPair
  const cert = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${endpoint}`,
    keys,
    signingAlgorithm: algorithm,
  })
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)
  return { key: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY'), cert: cert.toString('pem') }
}

export interface Credentials {
  readonly key?: string
  readonly cert?: string
}

export interface Answer {
  readonly status: number
  readonly body: Buffer
}

/** One request over the uplink port; the server's certificate is checked against the authority. */
export function ask(
  port: number,
  ca: string,
  of: { readonly method?: string; readonly path: string; readonly body?: string } & Credentials,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', path, key, cert } = of
    const sent = httpsRequest(
      { host: '127.0.0.1', port, path, method, ca, agent: false, ...(key ? { key, cert } : {}) },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) }))
      },
    )
    sent.on('error', reject)
    sent.end(of.body)
  })
}

export async function enrolMachine(
  port: number,
  ca: string,
  token: string,
): Promise<EnrolAnswer & { readonly credentials: { readonly key: string; readonly cert: string } }> {
  const { key, csr } = await newMachine()
  const answer = await ask(port, ca, { method: 'POST', path: '/enrol', body: JSON.stringify({ token, csr }) })
  if (answer.status !== 200) throw new Error(`${answer.status} ${answer.body}`)
  const read = JSON.parse(answer.body.toString()) as EnrolAnswer
  return { ...read, credentials: { key, cert: read.certificate } }
}

/** What an agent that can do nothing says. */
const nothing = {
  platform: 'linux',
  privileged: false,
  events: {},
  state: {},
  historySince: null,
  yara: [],
  why: {},
}

/** A connected agent as far as the protocol goes. */
export class TestAgent {
  readonly heard: FromServer[] = []
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>
  private readonly socket: WebSocket
  private readonly joiner = new FrameJoiner()
  private n = 0

  private constructor(socket: WebSocket) {
    this.socket = socket
    socket.on('message', (data: Buffer) => {
      const joined = this.joiner.push(data.toString())
      if (joined !== null && 'value' in joined) this.heard.push(fromServer.parse(joined.value))
    })
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }))
    })
  }

  static async connect(port: number, ca: string, credentials: Credentials): Promise<TestAgent> {
    const socket = new WebSocket(`wss://127.0.0.1:${port}/uplink`, { ca, ...credentials })
    const agent = new TestAgent(socket)
    await once(socket, 'open')
    return agent
  }

  async hello(revision = 0, profile?: number): Promise<void> {
    this.send({
      kind: 'hello',
      agent: '0.1.0',
      contracts: [1],
      host: { computerName: 'test', addresses: ['10.1.2.3'], os: 'Linux', kernel: '6', bits: 64 },
      capability: { ...nothing, contracts: [1] },
      revision,
      ...(profile === undefined ? {} : { profile }),
      keyId: '',
    })
    await this.next('welcome')
  }

  /** Gives the message's number. */
  send(message: Readonly<Record<string, unknown>>): number {
    this.n += 1
    for (const frame of framesOf({ ...message, n: this.n })) this.socket.send(frame)
    return this.n
  }

  sendRaw(data: string | Buffer): void {
    this.socket.send(data)
  }

  /** The first message of a kind that was or will be heard; it is taken out. */
  async next<Kind extends FromServer['kind']>(kind: Kind): Promise<Extract<FromServer, { kind: Kind }>> {
    const end = Date.now() + 5_000
    while (Date.now() < end) {
      const place = this.heard.findIndex((message) => message.kind === kind)
      if (place >= 0) return this.heard.splice(place, 1)[0] as Extract<FromServer, { kind: Kind }>
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    throw new Error(`no ${kind}; heard ${JSON.stringify(this.heard).slice(0, 500)}`)
  }

  async accepted(n: number): Promise<void> {
    while ((await this.next('accepted')).of !== n);
  }

  close(): void {
    this.socket.terminate()
  }
}
