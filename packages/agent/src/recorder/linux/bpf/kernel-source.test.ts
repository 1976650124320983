import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BlindInterval } from '@tocsin/model'
import { until } from '@tocsin/testkit/until.ts'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readDns } from './dns.ts'
import { KernelSource } from './kernel-source.ts'
import type { ExecNotice, KernelNotice } from './notices.ts'
import { pinPrograms, releasePins } from './pins.ts'

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

  test('with a ring that is too small, what was recorded and what was counted as lost are what was done', async () => {
    const source = await open(64 << 10)
    source.pause()
    await burst('flood', 400)
    source.resume()
    await until('a blind interval', async () => blind.some(({ object }) => object === 'process'), 5_000)
    source.stop()
    const lost = blind
      .filter(({ object }) => object === 'process')
      .reduce((sum, { count }) => sum + (count ?? 0), 0)
    const kept = notices.filter(({ kind }) => kind === 'fork' || kind === 'exec' || kind === 'exit').length
    expect(execsOf('flood').length).toBeLessThan(400)
    // Others run processes too: at least the three records of each of ours.
    expect(kept + lost).toBeGreaterThanOrEqual(3 * 400)
    expect(blind.every(({ reason, from, to }) => reason === 'overflow' && from < to)).toBe(true)
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
