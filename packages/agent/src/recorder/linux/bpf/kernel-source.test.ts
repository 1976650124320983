import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BlindInterval } from '@tocsin/model'
import { until } from '@tocsin/testkit/until.ts'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { mapped, native, openPinned } from '../../../native.ts'
import { readDns } from './dns.ts'
import { KernelSource } from './kernel-source.ts'
import { countBytes, kindCount, kinds, mostCpus } from './layout.ts'
import type { ExecNotice, KernelNotice } from './notices.ts'
import { pinPrograms, releasePins } from './pins.ts'
import { Skips } from './skips.ts'

const isRoot = process.getuid?.() === 0 && process.platform === 'linux' && process.arch === 'x64'
if (!isRoot) console.log('agent/recorder/bpf: skipped, programs in the kernel need root on Linux')

let folder = ''
let notices: KernelNotice[] = []
let blind: BlindInterval[] = []
const open = (ringBytes?: number) =>
  KernelSource.open(
    folder,
    { onKernel: (more) => notices.push(...more), onBlind: (interval) => blind.push(interval) },
    ringBytes,
  )

beforeEach(async () => {
  if (isRoot) folder = await mkdtemp(join(tmpdir(), 'tocsin-bpf-'))
  notices = []
  blind = []
})
afterEach(async () => {
  if (!isRoot) return
  releasePins(folder)
  await rm(folder, { recursive: true, force: true })
})

const run = (command: string, words: readonly string[]) =>
  new Promise<number>((resolve) => {
    const child = spawn(command, words, { stdio: 'ignore' })
    child.on('exit', () => resolve(child.pid ?? 0))
  })
const shell = (script: string) => run('/bin/sh', ['-c', script])
const burst = (name: string, count: number) =>
  shell(`i=0; while [ $i -lt ${count} ]; do /bin/true ${name} $i; i=$((i+1)); done`)
const argvOf = ({ commandLine }: ExecNotice) => commandLine.split(' ')
const execsOf = (name: string) =>
  notices.filter((notice): notice is ExecNotice => notice.kind === 'exec' && argvOf(notice)[1] === name)

const processKinds = [kinds.fork, kinds.exec, kinds.exit]
const networkKinds = [kinds.connect, kinds.accept, kinds.listen, kinds.close, kinds.datagram]
const fileKinds = [
  kinds.create,
  kinds.write,
  kinds.rename,
  kinds.delete,
  kinds.change,
  kinds.link,
  kinds.undone,
]

describe.skipIf(!isRoot)('the programs in this kernel', () => {
  test('what happens while no agent runs is read by the next one, once and in order', async () => {
    const before = await open()
    await burst('before', 20)
    await until('the first ones', async () => execsOf('before').length === 20)
    before.stop()
    await burst('meanwhile', 300)
    notices = []
    const after = await open()
    expect(after.keptSince.get('process')).toBeLessThan(Date.now() * 1_000)
    await until('what was kept', async () => execsOf('meanwhile').length === 300)
    after.stop()
    expect(execsOf('meanwhile').map((notice) => argvOf(notice)[2])).toEqual(
      Array.from({ length: 300 }, (_, number) => `${number}`),
    )
    expect(execsOf('before')).toEqual([])
    expect(blind).toEqual([])
  })

  test.for([
    ['process', 3 * 400, processKinds, () => burst('flood', 400)],
    ['network', 2 * 400, networkKinds, () => run('python3', ['-c', connections(400)])],
    ['file', 3 * 400, fileKinds, () => shell(filesIn(folder, 400))],
  ] as const)(
    'with a ring that is too small, records and counted losses of %s are what was done',
    async ([object, done, ofObject, flood], { skip }) => {
      const source = await open(64 << 10)
      if (object === 'file' && !source.hasFiles) {
        source.stop()
        skip('this kernel refuses the hooks of files')
      }
      source.pause()
      await flood()
      const made = await madeOf(ofObject, 64 << 10)
      source.resume()
      await until('a blind interval', async () => blind.some((interval) => interval.object === object))
      source.stop()
      const mostMade = await madeOf(ofObject, 64 << 10)
      const lost = blind
        .filter((interval) => interval.object === object)
        .reduce((sum, { count }) => sum + (count ?? Number.NaN), 0)
      const kept = notices.filter((notice) => objectOfNotice(notice) === object).length
      expect(lost).toBeGreaterThan(0)
      expect(made).toBeGreaterThanOrEqual(done)
      // Others act too, also between the looks at what the kernel made.
      expect(kept + lost).toBeGreaterThanOrEqual(made)
      expect(kept + lost).toBeLessThanOrEqual(mostMade)
      expect(blind.every(({ reason, from, to }) => reason === 'overflow' && from < to)).toBe(true)
    },
  )

  test('the kernel says how often it skipped each program', async () => {
    const { folder: pinned, programs } = await pinPrograms(folder, 1 << 20)
    const skips = new Skips(pinned, programs)
    expect([...skips.counts().keys()].sort()).toEqual([...programs].sort())
    expect([...skips.counts().values()].every((count) => Number.isSafeInteger(count) && count >= 0)).toBe(
      true,
    )
    skips.close()
  })

  test('a question for a name carries the process that asked', async () => {
    const source = await open()
    const script = `import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.sendto(bytes.fromhex('123401000001000000000000076578616d706c6504746573740000010001'), ('127.0.0.1', 53))`
    const pid = await run('python3', ['-c', script])
    const asked = await until('the question', async () =>
      notices.find((notice) => notice.kind === 'dns' && notice.pid === pid),
    )
    source.stop()
    expect(asked.kind === 'dns' && readDns(asked.message)?.query).toBe('example.test')
  })

  test('a process ends when its last thread does, not its first', async () => {
    const source = await open()
    const script = `import ctypes, threading, time
threading.Thread(target=lambda: (time.sleep(0.4), None)).start()
ctypes.CDLL(None).syscall(60, 0)`
    const began = Date.now()
    const pid = await run('python3', ['-c', script])
    const ended = await until('the exit', async () =>
      notices.find((notice) => notice.kind === 'exit' && notice.pid === pid),
    )
    source.stop()
    expect(ended.at / 1_000 - began).toBeGreaterThan(350)
  })

  test('nothing is left in the kernel of an agent that released it', async () => {
    const { folder: pinned } = await pinPrograms(folder, 1 << 20)
    expect(existsSync(join(pinned, 'ring'))).toBe(true)
    releasePins(folder)
    expect(existsSync(pinned)).toBe(false)
  })
})

/** Records that the kernel's programs have made so far, whether they found room or not. */
async function madeOf(wanted: readonly number[], ringBytes: number): Promise<number> {
  const pins = await pinPrograms(folder, ringBytes)
  const fd = openPinned(join(pins.folder, 'counts'))
  const counts = new BigUint64Array(
    mapped(fd, { length: mostCpus * kindCount * countBytes, offset: 0, access: 'read' }),
  )
  native().close(fd)
  let made = 0
  for (let row = 0; row < mostCpus * kindCount; row += 1) {
    if (wanted.includes(row % kindCount)) made += Number(counts[(row * countBytes) / 8] ?? 0n)
  }
  return made
}

function objectOfNotice({ kind }: KernelNotice): string {
  if (kind === 'fork' || kind === 'exec' || kind === 'exit') return 'process'
  if (kind === 'undone') return 'file'
  return kind === 'socket' ? 'network' : kind
}

const connections = (count: number) => `import socket
server = socket.socket(); server.bind(("127.0.0.1", 0)); server.listen(100)
for number in range(${count}):
  client = socket.socket(); client.connect(server.getsockname()); server.accept()[0].close(); client.close()`

const filesIn = (place: string, count: number) =>
  `i=0; while [ $i -lt ${count} ]; do echo x > ${place}/f; chmod 700 ${place}/f; rm ${place}/f; i=$((i+1)); done`
