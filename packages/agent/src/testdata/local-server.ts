import 'reflect-metadata'
import { createHash, randomUUID, webcrypto, X509Certificate } from 'node:crypto'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import * as x509 from '@peculiar/x509'
import { FrameJoiner, type FromAgent, fromAgent } from '@tocsin/protocol'
import { type WebSocket, WebSocketServer } from 'ws'
import { programKey } from './programs.ts'

x509.cryptoProvider.set(webcrypto as Crypto)
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const hour = 3_600_000

interface Pair {
  readonly keys: CryptoKeyPair
  readonly certificate: x509.X509Certificate
}

async function newKeys(): Promise<CryptoKeyPair> {
  return (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as CryptoKeyPair
}

async function pemOf(keys: CryptoKeyPair): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY')
}

async function newAuthority(): Promise<Pair> {
  const keys = await newKeys()
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=authority ${randomUUID()}`,
    notBefore: new Date(Date.now() - hour),
    notAfter: new Date(Date.now() + hour),
    keys,
    signingAlgorithm: algorithm,
    extensions: [new x509.BasicConstraintsExtension(true, 0, true)],
  })
  return { keys, certificate }
}

async function issue(authority: Pair, publicKey: x509.PublicKeyType, name: string): Promise<string> {
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: randomUUID().replaceAll('-', ''),
    subject: `CN=${name}`,
    issuer: authority.certificate.subject,
    notBefore: new Date(Date.now() - hour),
    notAfter: new Date(Date.now() + hour),
    publicKey,
    signingKey: authority.keys.privateKey,
    signingAlgorithm: algorithm,
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'ip', value: '127.0.0.1' }])],
  })
  return certificate.toString('pem')
}

/** What an endpoint meets: enrolment, objects and the uplink, on one port of the loopback. */
export class LocalServer {
  readonly heard: FromAgent[] = []
  readonly objects = new Map<string, Uint8Array>()
  readonly tokens: string[] = []
  readonly peers: string[] = []
  /** What enrolment answers instead of an identity. */
  enrolmentAnswer: string | undefined
  private readonly authority: Pair
  private readonly server: Server
  private readonly sockets = new WebSocketServer({ noServer: true })
  private n = 0

  private constructor(authority: Pair, key: string, chain: string) {
    this.authority = authority
    this.server = createServer({
      key,
      cert: chain,
      ca: authority.certificate.toString('pem'),
      requestCert: true,
      rejectUnauthorized: false,
    })
    this.server.on('request', async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk)
      if (request.url === '/enrol') {
        const { token, csr } = JSON.parse(Buffer.concat(chunks).toString())
        this.tokens.push(token)
        const { publicKey } = new x509.Pkcs10CertificateRequest(csr)
        const certificate = await issue(authority, publicKey, 'endpoint')
        const answer = { endpoint: randomUUID(), certificate, authority: this.authorityPem, key: programKey }
        response.end(this.enrolmentAnswer ?? JSON.stringify(answer))
        return
      }
      const isKnown = (request.socket as TLSSocket).authorized
      const object = isKnown ? this.objects.get(request.url?.split('/').at(-1) ?? '') : undefined
      if (object === undefined) response.statusCode = isKnown ? 404 : 401
      response.end(object)
    })
    this.server.on('upgrade', (request, socket, head) => {
      if (!(socket as TLSSocket).authorized) return socket.destroy()
      this.sockets.handleUpgrade(request, socket, head, (connection) => this.connected(connection))
    })
  }

  static async start(port = 0, authority?: Pair): Promise<LocalServer> {
    const own = authority ?? (await newAuthority())
    const keys = await newKeys()
    const certificate = await issue(own, keys.publicKey, 'server')
    const made = new LocalServer(own, await pemOf(keys), `${certificate}\n${own.certificate.toString('pem')}`)
    await new Promise<void>((resolve) => made.server.listen(port, '127.0.0.1', resolve))
    return made
  }

  /** The same authority on the same port, as after a restart. */
  async again(): Promise<LocalServer> {
    const { port } = this.url
    await this.stop()
    return LocalServer.start(Number(port), this.authority)
  }

  get url(): URL {
    return new URL(`wss://127.0.0.1:${(this.server.address() as AddressInfo).port}`)
  }

  get authorityPem(): string {
    return this.authority.certificate.toString('pem')
  }

  get pin(): string {
    return createHash('sha256').update(new X509Certificate(this.authorityPem).raw).digest('hex')
  }

  send(message: Readonly<Record<string, unknown>>): void {
    this.n += 1
    this.sendRaw(JSON.stringify({ ...message, n: this.n }))
  }

  sendRaw(text: string): void {
    for (const socket of this.sockets.clients) socket.send(text)
  }

  /** Ends every connection without a word. */
  drop(): void {
    for (const socket of this.sockets.clients) socket.terminate()
  }

  of<Kind extends FromAgent['kind']>(kind: Kind): Extract<FromAgent, { readonly kind: Kind }>[] {
    return this.heard.filter((message) => message.kind === kind) as never
  }

  async stop(): Promise<void> {
    this.drop()
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }

  private connected(socket: WebSocket): void {
    const joiner = new FrameJoiner()
    socket.on('message', (data) => {
      const joined = joiner.push(String(data))
      if (joined !== null && 'value' in joined) this.heard.push(fromAgent.parse(joined.value))
    })
  }
}
