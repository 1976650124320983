import type { Socket } from 'node:net'

/** Hands on each line that a socket sends; a line longer than `limit` characters ends the connection. */
export function readLines(socket: Socket, limit: number, onLine: (line: string) => void): void {
  let parts: string[] = []
  let length = 0
  socket.setEncoding('utf8')
  socket.on('data', (text: string) => {
    const [first = '', ...more] = text.split('\n')
    parts.push(first)
    length += first.length
    for (const next of more) {
      if (length <= limit) onLine(parts.join(''))
      parts = [next]
      length = next.length
    }
    if (length > limit) socket.destroy(new Error(`a line is longer than ${limit} characters`))
  })
}
