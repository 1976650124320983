import { createHash } from 'node:crypto'
import { readlinkSync } from 'node:fs'
import { createServer, type Server } from 'node:net'

/**
 * One agent for each mount, pid and network namespace: two would change the same kernel switches. The lock is an
 * abstract socket, which the kernel frees with the process.
 */
export function takeAgentLock(): Promise<Server> {
  const spaces = ['mnt', 'pid', 'net'].map(namespace)
  const name = `\0tocsin-agent-${createHash('sha256').update(spaces.join()).digest('hex').slice(0, 16)}`
  const server = createServer((socket) => socket.destroy())
  return new Promise((resolve, reject) => {
    server.once('error', () => reject(new Error('Another Tocsin agent runs on this machine already.')))
    server.listen(name, () => {
      server.unref()
      resolve(server)
    })
  })
}

function namespace(kind: string): string {
  try {
    return readlinkSync(`/proc/self/ns/${kind}`)
  } catch {
    return kind
  }
}
