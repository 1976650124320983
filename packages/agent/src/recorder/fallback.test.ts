import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BlindInterval, Fields, RecordedEvent } from '@tocsin/model'
import { until } from '@tocsin/testkit/until.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { auditEvents, fileProperties } from './linux/delivered.ts'

const isRoot = process.getuid?.() === 0 && process.platform === 'linux' && process.arch === 'x64'
if (!isRoot) console.log('agent/recorder/fallback: skipped, audit needs root on Linux')

interface Told {
  readonly kind: 'event'
  readonly event: RecordedEvent
  /** Fields of the actor, its parent and whom that came from. */
  readonly chain: readonly Fields[]
}
type Message =
  | Told
  | { readonly kind: 'blind'; readonly interval: BlindInterval }
  | { readonly kind: 'ready'; readonly events: Readonly<Record<string, readonly string[]>> }

const mark = 'tocsin-fallback'
/** A slow machine reads what the queues still hold for so long, ms. */
const patience = 120_000
const told: Told[] = []
const blind: BlindInterval[] = []
let capability: Readonly<Record<string, readonly string[]>> = {}
let folder = ''
let began = 0
let recorder: ChildProcess

beforeAll(async () => {
  if (!isRoot) return
  folder = await mkdtemp(join(tmpdir(), `${mark}-`))
  const state = await mkdtemp(join(folder, 'state-'))
  recorder = fork(new URL('./testdata/record.ts', import.meta.url), [state, 'audit', mark])
  recorder.on('message', (message: Message) => {
    if (message.kind === 'event') told.push(message)
    else if (message.kind === 'blind') blind.push(message.interval)
    else capability = message.events
  })
  began = Date.now() * 1_000
  await until('the recorder', async () => Object.keys(capability).length > 0)
})
afterAll(async () => {
  if (!isRoot) return
  recorder.kill('SIGCONT')
  const ended = once(recorder, 'exit')
  recorder.send('stop')
  await ended
  await rm(folder, { recursive: true, force: true })
})

const run = async (command: string, ...words: readonly string[]) => {
  const child = spawn(command, words, { stdio: 'ignore' })
  const [code] = await once(child, 'exit')
  return { pid: child.pid ?? 0, code }
}
const python = (script: string) => run('python3', '-c', `# ${mark}\n${script}`)
const fieldOf = ({ event }: Told, property: string) => event.fields[property]?.values[0]
const ofObject = (object: string, operation: string) =>
  told.filter(({ event }) => event.object === object && event.operation === operation)
const first = (object: string, operation: string) =>
  until(`${object} ${operation}`, async () => ofObject(object, operation)[0])

describe.skipIf(!isRoot)('without the programs in the kernel', () => {
  test('nothing is claimed that audit and fanotify do not tell', () => {
    expect(capability).toEqual({ ...auditEvents, file: fileProperties })
  })

  test('a socket that listens is told with where it was bound, and UNIX sockets are not', async () => {
    await python(`import socket
u = socket.socket(socket.AF_UNIX); u.bind("\\0${mark}"); u.listen()
for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
  s = socket.socket(family); s.bind((host, 47113)); s.listen()`)
    await until('two that listen', async () => ofObject('network', 'listen').length >= 2)
    const ends = ofObject('network', 'listen').map((each) => [
      fieldOf(each, 'network.local_address'),
      fieldOf(each, 'network.local_port'),
    ])
    expect(ends).toEqual([
      ['127.0.0.1', 47_113],
      ['::1', 47_113],
    ])
  })

  test('who is traced, whom a process became, where it mounted and that it loaded a program is told', async () => {
    await python(`import ctypes, os, struct, subprocess
libc = ctypes.CDLL(None)
p = subprocess.Popen(["sleep", "60"])
libc.ptrace(16, p.pid, 0, 0); os.waitpid(p.pid, 0x40000000); libc.ptrace(17, p.pid, 0, 0); p.kill()
os.makedirs("${folder}/mounted"); os.chdir("${folder}")
libc.mount(b"none", b"mounted", b"tmpfs", 0, None); libc.umount(b"mounted")
pid = os.fork()
if pid == 0:
  os.setuid(65534); os._exit(0)
os.waitpid(pid, 0)
code = ctypes.create_string_buffer(struct.pack("<BBhi", 0xb7, 0, 0, 1) + struct.pack("<BBhi", 0x95, 0, 0, 0))
words = ctypes.create_string_buffer(struct.pack("<IIQQIIQI", 1, 2, ctypes.addressof(code), ctypes.addressof(ctypes.create_string_buffer(b"GPL")), 0, 0, 0, 0) + bytes(80))
libc.syscall(321, 5, words, 128)`)
    const [traced, mounted, became] = await Promise.all([
      first('security', 'ptrace'),
      first('security', 'mount'),
      first('security', 'setuid'),
    ])
    await first('security', 'bpf')
    expect(fieldOf(traced, 'security.target_pid')).toBeGreaterThan(0)
    expect(fieldOf(mounted, 'security.target_path')).toBe(join(folder, 'mounted'))
    expect(mounted.event.fields['security.source']?.whole).toBe(false)
    expect(fieldOf(became, 'security.target_user')).toBe('nobody')
    // It was forked and ran no other image.
    expect(became.chain[1]?.['process.command_line']).toEqual(became.chain[0]?.['process.command_line'])
    expect(became.chain[1]?.['process.pid']).toEqual(became.chain[0]?.['process.parent_pid'])
  })

  test('a process ends with its exit code', async () => {
    const { pid } = await run('/bin/sh', '-c', `exit 7 # ${mark}`)
    const exit = await until('the exit', async () =>
      ofObject('process', 'exit').find(({ chain }) => chain[0]?.['process.pid']?.values[0] === pid),
    )
    expect(fieldOf(exit, 'process.exit_code')).toBe(7)
  })
  /** The recorder sleeps between two marked acts; both times are of this process, and so are those of the acts. */
  test('what queues drop while the recorder sleeps is one blind interval that covers the sleep and no more', async () => {
    const marked = (name: string) =>
      until(
        `the file ${name}`,
        async () =>
          ofObject('file', 'create').find((each) => fieldOf(each, 'file.name') === `${mark}-${name}`),
        patience,
      )
    await run('touch', join(folder, `${mark}-before`))
    const lastFile = (await marked('before')).event.at
    expect(blind).toEqual([])
    recorder.kill('SIGSTOP')
    await until('it sleeps', async () => stateOf(recorder.pid ?? 0) === 'T')
    const asleep = Date.now() * 1_000
    await flood(folder)
    const awake = Date.now() * 1_000
    recorder.kill('SIGCONT')
    const intervals = await until(
      'blind intervals',
      async () =>
        ['file', 'process', 'network', 'security', 'driver'].every((object) =>
          blind.some((interval) => interval.object === object),
        ) && [...blind],
      patience,
    )
    const told = Date.now() * 1_000
    for (const { from, to, object, count, reason } of intervals) {
      expect({ count, reason }).toEqual({ count: null, reason: 'overflow' })
      // The kernel's count of lost audit records is looked at once a second; how late that is, the machine decides.
      expect(from).toBeGreaterThanOrEqual(object === 'file' ? lastFile : began)
      expect(from).toBeLessThanOrEqual(asleep)
      expect(to).toBeGreaterThanOrEqual(awake)
      expect(to).toBeLessThanOrEqual(told)
    }
    await run('touch', join(folder, `${mark}-after`))
    await marked('after')
    await python(
      `import socket; s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM); s.connect(("::1", 9))`,
    )
    await until('records again', async () =>
      ofObject('network', 'connect').some((each) => fieldOf(each, 'network.remote_address') === '::1'),
    )
  })
})

/** More than the queue of fanotify (16,384 notices) and those of audit (32 MiB and 65,536 records) hold. */
const flood = (folder: string) =>
  run(
    'python3',
    '-c',
    `import socket
for number in range(17000): open(f"${folder}/flood-{number}", "w").close()
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for number in range(40000): s.connect(("127.0.0.1", 9))`,
  )

/** One letter, of /proc/PID/stat. */
function stateOf(pid: number): string | undefined {
  return / ([A-Z]) /.exec(readFileSync(`/proc/${pid}/stat`, 'latin1').replace(/^.*\)/s, ''))?.[1]
}
