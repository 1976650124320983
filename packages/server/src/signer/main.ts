import { createHash, X509Certificate } from 'node:crypto'
import { chmod, rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { readLines } from '../keys/read-lines.ts'
import { longestLine, type SignerRequest, signerRequest } from '../keys/signer-messages.ts'
import { type Authority, openAuthority } from './authority.ts'
import { openActionKey, openProgramKey, type ProgramKey } from './signing-keys.ts'

/** The process that holds the keys: `main.ts FOLDER SOCKET`. It reads no document and reaches no network. */
const [folder = '', socketPath = ''] = process.argv.slice(2)
process.umask(0o077)
const authority = await openAuthority(folder)
const programKey = await openProgramKey(folder)
await openActionKey(folder)
await rm(socketPath, { force: true })

const server = createServer((socket) => serve(socket, authority, programKey))
server.maxConnections = 32
server.listen(socketPath, async () => {
  await chmod(socketPath, 0o660) // its folder decides who may come
  process.send?.({ kind: 'ready', caPin: pinOf(authority) })
})
for (const name of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(name, () => process.exit(0))

/** What an agent compares the server's authority with. */
function pinOf(ca: Authority): string {
  return createHash('sha256').update(new X509Certificate(ca.certificate).raw).digest('hex')
}

function serve(socket: Socket, ca: Authority, key: ProgramKey): void {
  socket.on('error', () => undefined) // it is closed then, and whoever asked sees that
  readLines(socket, longestLine, (line) => {
    void respond(line, ca, key).then((answer) => {
      if (socket.writable) socket.write(`${answer}\n`)
    })
  })
}

async function respond(line: string, ca: Authority, key: ProgramKey): Promise<string> {
  const asked = parsed(line)
  const read = signerRequest.safeParse(asked)
  if (!read.success) return JSON.stringify({ id: idOf(asked), fault: 'malformed request' })
  try {
    return JSON.stringify({ id: read.data.id, value: await perform(read.data, ca, key) })
  } catch (error) {
    return JSON.stringify({ id: read.data.id, fault: error instanceof Error ? error.message : String(error) })
  }
}

function perform(request: SignerRequest, ca: Authority, key: ProgramKey): Promise<unknown> | string {
  switch (request.kind) {
    case 'program-key':
      return key.publicKey
    case 'authority':
      return ca.certificate
    case 'sign-manifest':
      return key.sign(request.manifest)
    case 'issue-endpoint':
      return ca.issueEndpoint(request.csr, request.endpoint)
    case 'issue-listener':
      return ca.issueListener(request.csr, request.names)
  }
}

function idOf(asked: unknown): number {
  const id = asked !== null && typeof asked === 'object' && 'id' in asked ? asked.id : undefined
  return typeof id === 'number' && Number.isInteger(id) ? id : 0
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
