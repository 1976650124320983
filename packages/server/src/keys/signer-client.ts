import { connect, type Socket } from 'node:net'
import { readLines } from './read-lines.ts'
import type { Signer } from './signer.ts'
import { longestLine, signerAnswer } from './signer-messages.ts'

/** A request is answered within this time, waiting for a signer that is just being started again included. */
const patienceMs = 30_000
const retryMs = 100

/** Talks to the signer process over its socket; connects when asked something, and anew after it was restarted. */
export function connectSigner(socketPath: string): Signer {
  let connection: Promise<Connection> | undefined
  const connected = (deadline: number): Promise<Connection> => {
    if (connection !== undefined) return connection
    const mine = openPatiently(socketPath, deadline)
    const forget = () => {
      if (connection === mine) connection = undefined
    }
    mine.then(({ socket }) => socket.once('close', forget), forget)
    connection = mine
    return mine
  }
  const ask = async <Answer>(request: Readonly<Record<string, unknown>>): Promise<Answer> => {
    const deadline = Date.now() + patienceMs
    return (await connected(deadline)).ask(request, deadline) as Promise<Answer>
  }
  return {
    programKey: () => ask({ kind: 'program-key' }),
    authority: () => ask({ kind: 'authority' }),
    signManifest: (manifest) => ask({ kind: 'sign-manifest', manifest }),
    issueEndpoint: (csr, endpoint) => ask({ kind: 'issue-endpoint', csr, endpoint }),
    issueListener: (csr, names) => ask({ kind: 'issue-listener', csr, names }),
    close: () => {
      connection?.then(
        ({ socket }) => socket.destroy(),
        () => undefined,
      )
    },
  }
}

interface Connection {
  readonly socket: Socket
  ask(request: Readonly<Record<string, unknown>>, deadline: number): Promise<unknown>
}

async function openPatiently(path: string, deadline: number): Promise<Connection> {
  for (;;) {
    try {
      return talkOver(await opened(path))
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      if (Date.now() + retryMs > deadline) throw new Error(`the signer does not answer: ${why}`)
      await new Promise((resolve) => setTimeout(resolve, retryMs))
    }
  }
}

function opened(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path)
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      resolve(socket)
    })
  })
}

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

/** Requests of one connection; they all fail with it, since nobody knows which of them were performed. */
function talkOver(socket: Socket): Connection {
  const waiting = new Map<number, Waiting>()
  let lastId = 0
  socket.unref()
  socket.on('error', () => undefined) // 'close' follows
  socket.on('close', () => {
    for (const each of waiting.values()) each.reject(new Error('the signer ended the connection'))
    waiting.clear()
  })
  readLines(socket, longestLine, (line) => settle(waiting, line))
  return {
    socket,
    ask: (request, deadline) =>
      new Promise((resolve, reject) => {
        lastId += 1
        const id = lastId
        const timer = setTimeout(() => {
          waiting.delete(id)
          reject(new Error('the signer took too long'))
        }, deadline - Date.now())
        const done =
          <Value>(settled: (value: Value) => void) =>
          (value: Value) => {
            clearTimeout(timer)
            settled(value)
          }
        waiting.set(id, { resolve: done(resolve), reject: done(reject) })
        if (socket.destroyed)
          settle(waiting, JSON.stringify({ id, fault: 'the signer ended the connection' }))
        else socket.write(`${JSON.stringify({ id, ...request })}\n`)
      }),
  }
}

function settle(waiting: Map<number, Waiting>, line: string): void {
  const answer = signerAnswer.parse(JSON.parse(line))
  const each = waiting.get(answer.id)
  waiting.delete(answer.id)
  if ('fault' in answer) each?.reject(new Error(answer.fault))
  else each?.resolve(answer.value)
}
