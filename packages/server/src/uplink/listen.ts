import { readFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { createServer, type Server } from 'node:https'
import { hostname } from 'node:os'
import type { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'
import { uplinkPath } from '@tocsin/protocol'
import { WebSocketServer } from 'ws'
import type { Context } from '../context.ts'
import { forgetConnections } from '../endpoints/index.ts'
import { newCounters, type UplinkCounters } from './counters.ts'
import type { ListenerTls } from './listener-certificate.ts'
import { Objects } from './objects.ts'
import { peerOf, turnedAway } from './peer.ts'
import { answerRequest } from './requests.ts'
import { largestPayload, type SessionLimits } from './session.ts'
import { Sessions } from './sessions.ts'

export interface ListenOptions {
  readonly tls: Pick<ListenerTls, 'key' | 'cert' | 'ca'>
  readonly bind: string
  /** 0: any free one. */
  readonly port: number
  readonly limits?: Partial<SessionLimits>
}

export interface Listener {
  readonly port: number
  readonly counters: UplinkCounters
  stop(): Promise<void>
}

/** Many findings fit: an agent with a full outbox sends a hundred in each message. */
const usualLimits: SessionLimits = { messagesPerMinute: 1_200, bytesPerMinute: 256 << 20, helloMs: 60_000 }
const handshakeMs = 60_000

/** Opens the uplink: enrolment, objects and the WebSocket, over TLS 1.3 with our own authority. */
export async function listen(context: Context, options: ListenOptions): Promise<Listener> {
  const counters = newCounters()
  const server = createServer({
    ...options.tls,
    minVersion: 'TLSv1.3',
    requestCert: true,
    rejectUnauthorized: false, // enrolment has no certificate yet; everything else checks for one
    handshakeTimeout: handshakeMs,
    headersTimeout: 20_000,
    requestTimeout: 60_000,
    keepAliveTimeout: 60_000,
  })
  server.maxConnections = mostConnections(context)
  server.on('tlsClientError', () => {
    counters.handshakeFailures += 1
  })
  const listener = `${hostname()}:${options.port}`
  await forgetConnections(context, listener)
  const objects = new Objects(context)
  const limits = { ...usualLimits, ...options.limits }
  const sessions = new Sessions(context, { listener, counters, limits, objects })
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: largestPayload,
  })
  server.on('request', (request, response) => {
    void answerRequest({ context, counters, objects, sessions }, request, response)
  })
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    upgrade(context, sockets, sessions, { request, socket, head }).catch(() => {
      counters.handshakeFailures += 1
      refuse(socket, '401 Unauthorized')
    })
  })
  // Last: whoever connects before everything hears would wait for ever.
  const port = await listening(server, options).catch(async (error: unknown) => {
    await sessions.stop()
    throw error
  })
  return { port, counters, stop: () => stop(server, sessions) }
}

interface Upgrade {
  readonly request: IncomingMessage
  readonly socket: Duplex
  readonly head: Buffer
}

/** Whoever has no certificate of ours gets no WebSocket; who lost the right to one is told why. */
async function upgrade(
  context: Context,
  sockets: WebSocketServer,
  sessions: Sessions,
  { request, socket, head }: Upgrade,
): Promise<void> {
  const peer = request.socket instanceof TLSSocket ? peerOf(request.socket) : null
  if (peer === null || request.url !== uplinkPath) throw new Error('no uplink without a certificate')
  const turning = await turnedAway(context.database, peer)
  sockets.handleUpgrade(request, socket, head, (opened) => {
    if (turning === null) return void sessions.open(opened, peer)
    opened.on('error', () => opened.terminate())
    opened.send(JSON.stringify({ kind: 'bye', n: 1, code: turning }))
    opened.close(1008, turning)
  })
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

function listening(server: Server, { bind, port }: ListenOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, bind, () => {
      server.off('error', reject)
      const address = server.address()
      resolve(address !== null && typeof address === 'object' ? address.port : port)
    })
  })
}

async function stop(server: Server, sessions: Sessions): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve))
  await sessions.stop()
  const last = setTimeout(() => server.closeAllConnections(), 500)
  server.closeIdleConnections()
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 3_000).unref())])
  clearTimeout(last)
}

const otherFiles = 200

/** Every connection is an open file; some are left for the database and the rest. */
function mostConnections(context: Context): number {
  const limit = openFileLimit()
  if (limit < 4_096) {
    context.log.warn(
      { limit },
      'few open files are allowed; raise RLIMIT_NOFILE to twice the number of endpoints',
    )
  }
  return Math.max(100, limit - otherFiles)
}

function openFileLimit(): number {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? []
    return soft === undefined ? Number.MAX_SAFE_INTEGER : Number(soft)
  } catch {
    return 65_536 // not Linux
  }
}
