import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { StartFailure } from '../storage/postgres/index.ts'

/** Refuses a port that the server will not get; the message says what to do. */
export async function checkPort(port: number, bind: string, variable: string): Promise<void> {
  const first = Number(
    await readFile('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8').catch(() => '0'),
  )
  if (port < first) {
    throw new StartFailure(
      `The server has no privilege to listen on port ${port}: set ${variable} to ${first} or above.`,
    )
  }
  const code = await refusalOf(port, bind)
  if (code === null) return
  throw new StartFailure(
    code === 'EADDRINUSE'
      ? `Port ${port} is in use: end what uses it (ss -ltnp 'sport = :${port}'), or set ${variable} to another port.`
      : `Nothing can listen on ${bind}:${port} (${code}): set TOCSIN_BIND to an address of this machine.`,
  )
}

function refusalOf(port: number, bind: string): Promise<string | null> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    probe.listen(port, bind, () => probe.close(() => resolve(null)))
  })
}
