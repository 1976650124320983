import {
  FrameJoiner,
  type FromAgent,
  type FromServer,
  frameLimit,
  framesOf,
  fromAgent,
} from '@tocsin/protocol'
import type { WebSocket } from 'ws'
import { Bucket } from './bucket.ts'
import type { Peer } from './peer.ts'

/** What the server limits on one connection. */
export interface SessionLimits {
  readonly messagesPerMinute: number
  readonly bytesPerMinute: number
  /** Longest time until the agent says hello, ms. */
  readonly helloMs: number
}

type WithoutNumber<Message> = Message extends unknown ? Omit<Message, 'n'> : never
export type Outgoing = WithoutNumber<FromServer>

export interface SessionHearer {
  /** Handles one message; the next one waits for it. */
  message(session: Session, message: FromAgent): Promise<void>
  ended(session: Session, code: string | null): void
}

/** So many messages may wait to be handled before the socket is read no further. */
const mostWaiting = 8
const farewellMs = 2_000

/** One endpoint's WebSocket: joins frames, validates and orders messages, numbers what is sent. */
export class Session {
  readonly peer: Peer
  /** In which second of the ping period it is pinged. */
  readonly slot: number
  /** Scans that were sent over this connection. */
  readonly scans = new Set<number>()
  /** Back-tests that were. */
  readonly backtests = new Set<number>()
  /** Questions that were. */
  readonly questions = new Set<number>()
  /** The profile that it was told of last, or came with; nothing if it is of an agent that knows none. */
  profile: number | undefined
  isAlive = true
  hasSaidHello = false
  private readonly socket: WebSocket
  private readonly hearer: SessionHearer
  private readonly joiner = new FrameJoiner()
  private readonly messages: Bucket
  private readonly bytes: Bucket
  private readonly helloTimer: NodeJS.Timeout
  private handling: Promise<void> = Promise.resolve()
  private sending: Promise<void> = Promise.resolve()
  private waiting = 0
  private sent = 0
  private endedBy: string | null = null
  private isOver = false

  constructor(
    socket: WebSocket,
    of: {
      readonly peer: Peer
      readonly slot: number
      readonly limits: SessionLimits
      readonly hearer: SessionHearer
    },
  ) {
    this.socket = socket
    this.peer = of.peer
    this.slot = of.slot
    this.hearer = of.hearer
    this.messages = new Bucket(of.limits.messagesPerMinute)
    this.bytes = new Bucket(of.limits.bytesPerMinute)
    this.helloTimer = setTimeout(() => {
      if (!this.hasSaidHello) this.end('no-hello')
    }, of.limits.helloMs)
    socket.on('message', (data: Buffer, isBinary: boolean) => this.hear(data, isBinary))
    socket.on('pong', () => {
      this.isAlive = true
    })
    socket.on('error', () => socket.terminate())
    socket.on('close', () => this.close())
  }

  /** Sends one message, frame by frame; resolves when the last one was handed to the network. */
  send(message: Outgoing): Promise<void> {
    const sending = this.sending.then(async () => {
      this.sent += 1
      for (const frame of framesOf({ ...message, n: this.sent })) await this.sendFrame(frame)
    })
    this.sending = sending.catch(() => undefined)
    return sending
  }

  ping(): void {
    if (this.isAlive) this.socket.ping()
    else this.socket.terminate()
    this.isAlive = false
  }

  /** Says why and closes; what arrives later is not heard. */
  end(code: string): void {
    if (this.endedBy !== null) return
    this.endedBy = code
    const last = setTimeout(() => this.socket.terminate(), farewellMs)
    void this.send({ kind: 'bye', code })
      .catch(() => undefined)
      .finally(() => this.socket.close(1008, code))
    this.socket.once('close', () => clearTimeout(last))
  }

  private hear(data: Buffer, isBinary: boolean): void {
    if (this.endedBy !== null) return
    const heard = this.read(data, isBinary)
    if (heard === null) return
    if ('fault' in heard) this.end(heard.fault)
    else this.enqueue(heard.message)
  }

  /** One message, nothing while parts are missing, or why the connection has to end. */
  private read(
    data: Buffer,
    isBinary: boolean,
  ): { readonly message: FromAgent } | { readonly fault: string } | null {
    if (isBinary) return { fault: 'not-text' }
    if (!this.bytes.take(data.length)) return { fault: 'too-many-bytes' }
    const joined = this.joiner.push(data.toString('utf8'))
    if (joined === null || 'fault' in joined) return joined
    if (!this.messages.take(1)) return { fault: 'too-many-messages' }
    const read = fromAgent.safeParse(joined.value)
    if (!read.success) return { fault: 'malformed' }
    if (this.hasSaidHello === (read.data.kind === 'hello')) {
      return { fault: this.hasSaidHello ? 'second-hello' : 'hello-first' }
    }
    return { message: read.data }
  }

  private enqueue(message: FromAgent): void {
    this.hasSaidHello = true
    this.waiting += 1
    if (this.waiting >= mostWaiting) this.socket.pause()
    this.handling = this.handling.then(async () => {
      if (this.endedBy === null) await this.hearer.message(this, message)
      this.waiting -= 1
      if (this.waiting < mostWaiting) this.socket.resume()
    })
  }

  private sendFrame(frame: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.socket.send(frame, (error) => (error instanceof Error ? reject(error) : resolve()))
    })
  }

  private close(): void {
    if (this.isOver) return
    this.isOver = true
    clearTimeout(this.helloTimer)
    this.hearer.ended(this, this.endedBy)
  }
}

/** Largest WebSocket message in bytes: a frame counts UTF-16 units, of which each is at most three bytes. */
export const largestPayload = 3 * frameLimit
