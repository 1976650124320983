import {
  FrameJoiner,
  type FromAgent,
  type FromServer,
  framesOf,
  fromServer,
  uplinkPath,
} from '@tocsin/protocol'
import WebSocket from 'ws'
import type { Identity } from '../enrolment/kept-identity.ts'
import type { Log } from '../log.ts'

/** A message of the agent before it is numbered. */
export type Unsent = FromAgent extends infer Each ? (Each extends FromAgent ? Omit<Each, 'n'> : never) : never

export interface UplinkOptions {
  readonly server: URL
  readonly identity: Identity
  readonly log: Log
  /** First message of every connection. */
  readonly hello: () => Unsent
  readonly onMessage: (message: FromServer) => void
  readonly onOpen: () => void
}

/** The first tries come quickly; then the span doubles, and each pause is anywhere in it. */
const quickTries = 3
const quick = { from: 200, to: 1_000 }
const longestSpanMs = 60_000
/** A connection that lived so long was a good one. */
const goodMs = 10_000
const silenceMs = 90_000
const handshakeMs = 60_000

/** The connection to the server: it is tried for ever, with full jitter, and says when it is there. */
export class Uplink {
  private readonly options: UplinkOptions
  private socket: WebSocket | undefined
  private joiner = new FrameJoiner()
  private sent = 0
  private tries = 0
  private openedAt = 0
  /** Connections that were made. */
  connections = 0
  private isClosed = false
  private retry: NodeJS.Timeout | undefined
  private watchdog: NodeJS.Timeout | undefined

  constructor(options: UplinkOptions) {
    this.options = options
    this.connect()
  }

  get isOpen(): boolean {
    return this.socket?.readyState === WebSocket.OPEN
  }

  /** Sends if there is a connection; gives the message's number, by which it is accepted, or nothing. */
  send(message: Unsent): number | undefined {
    const { socket } = this
    if (socket === undefined || socket.readyState !== WebSocket.OPEN) return undefined
    this.sent += 1
    for (const frame of framesOf({ ...message, n: this.sent })) socket.send(frame)
    return this.sent
  }

  close(): void {
    this.isClosed = true
    clearTimeout(this.retry)
    clearTimeout(this.watchdog)
    this.socket?.terminate()
  }

  private connect(): void {
    const { server, identity } = this.options
    const socket = new WebSocket(`wss://${server.host}${uplinkPath}`, {
      followRedirects: false,
      ca: identity.authority,
      cert: identity.certificate,
      key: identity.key,
      minVersion: 'TLSv1.3',
      perMessageDeflate: false,
      handshakeTimeout: handshakeMs,
      maxPayload: 1 << 17,
    })
    this.socket = socket
    this.joiner = new FrameJoiner()
    this.sent = 0
    socket.on('open', () => {
      this.openedAt = Date.now()
      this.connections += 1
      this.expectLife()
      this.send(this.options.hello())
      this.options.onOpen()
    })
    socket.on('message', (data) => this.hear(String(data)))
    socket.on('ping', () => this.expectLife())
    socket.on('error', (error) => this.options.log.info('uplink', { fault: error.message }))
    socket.on('close', () => this.again())
  }

  private hear(frame: string): void {
    this.expectLife()
    const joined = this.joiner.push(frame)
    if (joined === null) return
    const read = 'fault' in joined ? undefined : fromServer.safeParse(joined.value)
    if (read?.success !== true) {
      this.drop('fault' in joined ? joined.fault : 'malformed')
      return
    }
    this.options.onMessage(read.data)
  }

  private drop(why: string): void {
    this.options.log.warn('the server broke the protocol', { why })
    this.socket?.terminate()
  }

  /** A connection that is silent for longer than three pings is dead. */
  private expectLife(): void {
    clearTimeout(this.watchdog)
    this.watchdog = setTimeout(() => this.socket?.terminate(), silenceMs)
  }

  private again(): void {
    clearTimeout(this.watchdog)
    if (this.isClosed) return
    const isGood = this.openedAt > 0 && Date.now() - this.openedAt > goodMs
    this.openedAt = 0
    this.tries = isGood ? 1 : this.tries + 1
    this.retry = setTimeout(() => this.connect(), pauseOf(this.tries, Math.random()))
  }
}

/** `chance` in [0, 1). */
export function pauseOf(tries: number, chance: number): number {
  if (tries <= quickTries) return quick.from + chance * (quick.to - quick.from)
  return quick.to + chance * (Math.min(longestSpanMs, quick.to * 2 ** (tries - quickTries)) - quick.to)
}
