import { chmod, rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import type { Manifest } from '@tocsin/model'
import { type Authority, openAuthority } from './authority.ts'
import { longestLine, type SignerRequest, signerRequest } from './requests.ts'
import { openActionKey, openProgramKey, type ProgramKey } from './signing-keys.ts'

/** The process that holds the keys: `main.ts FOLDER SOCKET`. It reads no document and reaches no network. */
const [folder = '', socketPath = ''] = process.argv.slice(2)
process.umask(0o077)
const authority = await openAuthority(folder)
const programKey = await openProgramKey(folder)
await openActionKey(folder)
await rm(socketPath, { force: true })

const server = createServer((socket) => serve(socket, authority, programKey))
server.listen(socketPath, async () => {
  await chmod(socketPath, 0o660) // its folder decides who may come
  process.send?.({ kind: 'ready' })
})
for (const name of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(name, () => process.exit(0))

function serve(socket: Socket, ca: Authority, key: ProgramKey): void {
  let buffered = ''
  socket.setEncoding('utf8')
  socket.on('error', () => socket.destroy())
  socket.on('data', (text: string) => {
    buffered += text
    if (buffered.length > longestLine) return void socket.destroy()
    const lines = buffered.split('\n')
    buffered = lines.pop() ?? ''
    for (const line of lines) void respond(line, ca, key).then((answer) => socket.write(`${answer}\n`))
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
      return key.sign(request.manifest as unknown as Manifest)
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
