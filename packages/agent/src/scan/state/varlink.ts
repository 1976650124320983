import { connect } from 'node:net'

const largest = 32 << 20
const longestMs = 5_000

/** Calls a service of this machine by its socket: one JSON text each way, ended by NUL. Nothing where it does not answer well. */
export async function callVarlink(socket: string, method: string): Promise<unknown> {
  const text = await answerOf(socket, `${JSON.stringify({ method, parameters: {} })}\0`)
  if (text === undefined) return undefined
  try {
    const reply: unknown = JSON.parse(text)
    const isGood = typeof reply === 'object' && reply !== null && !('error' in reply) && 'parameters' in reply
    return isGood ? reply.parameters : undefined
  } catch {
    return undefined
  }
}

function answerOf(socket: string, request: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = []
    let length = 0
    const connection = connect(socket)
    const end = (text?: string) => {
      clearTimeout(timer)
      connection.destroy()
      resolve(text)
    }
    const timer = setTimeout(end, longestMs)
    connection.on('connect', () => connection.write(request))
    connection.on('data', (piece: Buffer) => {
      const nul = piece.indexOf(0)
      pieces.push(nul < 0 ? piece : piece.subarray(0, nul))
      length += piece.length
      if (nul >= 0) end(Buffer.concat(pieces).toString('utf8'))
      else if (length > largest) end()
    })
    connection.on('error', () => end())
    connection.on('close', () => end())
  })
}
