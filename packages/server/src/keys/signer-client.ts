import { connect, type Socket } from 'node:net'
import { signerAnswer } from '../signer/requests.ts'
import type { Signer } from './signer.ts'

const patienceMs = 30_000

interface Waiting {
  resolve(value: never): void
  reject(error: Error): void
}

/** Talks to the signer process over its socket; connects anew after it was restarted. */
export function connectSigner(socketPath: string): Signer {
  const waiting = new Map<number, Waiting>()
  let socket: Socket | undefined
  let lastId = 0
  const failAll = (error: Error) => {
    for (const each of waiting.values()) each.reject(error)
    waiting.clear()
    socket = undefined
  }
  const opened = (): Socket => {
    if (socket !== undefined) return socket
    const next = connect(socketPath)
    let buffered = ''
    next.setEncoding('utf8')
    next.on('data', (text: string) => {
      buffered += text
      const lines = buffered.split('\n')
      buffered = lines.pop() ?? ''
      for (const line of lines) settle(waiting, line)
    })
    next.on('error', (error) => failAll(new Error(`the signer does not answer: ${error.message}`)))
    next.on('close', () => failAll(new Error('the signer ended the connection')))
    next.unref()
    socket = next
    return next
  }
  const ask = <Answer>(request: Readonly<Record<string, unknown>>): Promise<Answer> => {
    lastId += 1
    const id = lastId
    return new Promise<Answer>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('the signer took too long')), patienceMs)
      const once =
        <Value>(settle: (value: Value) => void) =>
        (value: Value) => {
          clearTimeout(timer)
          settle(value)
        }
      waiting.set(id, { resolve: once(resolve), reject: once(reject) })
      opened().write(`${JSON.stringify({ id, ...request })}\n`)
    })
  }
  return {
    programKey: () => ask({ kind: 'program-key' }),
    authority: () => ask({ kind: 'authority' }),
    signManifest: (manifest) => ask({ kind: 'sign-manifest', manifest }),
    issueEndpoint: (csr, endpoint) => ask({ kind: 'issue-endpoint', csr, endpoint }),
    issueListener: (csr, names) => ask({ kind: 'issue-listener', csr, names }),
    close: () => socket?.destroy(),
  }
}

function settle(waiting: Map<number, Waiting>, line: string): void {
  const answer = signerAnswer.parse(JSON.parse(line))
  const each = waiting.get(answer.id)
  waiting.delete(answer.id)
  if ('fault' in answer) each?.reject(new Error(answer.fault))
  else each?.resolve(answer.value as never)
}
