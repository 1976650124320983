import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { load } from '@tocsin/engine'
import { type Condition, known, type ProcessFacts, type Program, type RecordedEvent } from '@tocsin/model'
import type { FromAgent } from '@tocsin/protocol'
import { until } from '@tocsin/testkit/until.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Journal } from '../journal/journal.ts'
import { type Made, made, programOf, term, yaraProgram } from '../testdata/programs.ts'
import { Assured } from '../uplink/assured.ts'
import type { Unsent } from '../uplink/uplink.ts'
import { type BacktestRequest, Backtests } from './backtests.ts'
import { Course } from './course.ts'
import { runBacktest } from './run-backtest.ts'

const second = 1_000_000
const start = Date.now() * 1_000 - 1_000 * second
let folder = ''
let journal: Journal
let backtests: Backtests
let sent: Unsent[]
let objects: Map<string, Uint8Array>
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-backtest-'))
  sent = []
  objects = new Map()
  opened()
})
afterEach(async () => {
  await backtests.close()
  await journal.close()
  rmSync(folder, { recursive: true, force: true })
})

function opened(): void {
  const log = { info: () => undefined, warn: () => undefined }
  const room = { free: 1e15, size: 1e15 }
  journal = new Journal({ stateDir: folder, log, space: () => room, processOf: (key) => processes.get(key) })
  const line = () => ({ isOpen: true, send: (message: Unsent) => sent.push(message) })
  backtests = new Backtests({
    ...{ journal, line, assured: new Assured(line) },
    store: { object: () => undefined },
    fetch: async (digest) => objects.get(digest),
  })
}

const facts = (pid: number, parent: string | null): ProcessFacts => ({
  ...{ key: `boot:${pid}:1`, parent, startedAt: start, endedAt: null },
  fields: {
    'process.pid': known(pid),
    'process.path': known(`/usr/bin/tool${pid}`),
    'process.command_line': known(`tool${pid} --quiet`),
  },
})
const processes = new Map(
  [facts(1, null), facts(7, 'boot:1:1'), facts(8, 'boot:7:1')].map((each) => [each.key, each]),
)

function write(pid: number, path: string, after: number): void {
  const at = start + after * second
  const event: RecordedEvent = {
    ...{ id: String(at), object: 'file', operation: 'write', at, actor: `boot:${pid}:1` },
    fields: { 'file.path': known(path) },
  }
  journal.event(event)
}

const needs: Program['needs'] = [{ kind: 'property', property: 'file.path', from: 'event' }]

function program(condition: Condition, more: Partial<Program> = {}): Made {
  const each = made(programOf(condition, { needs, subject: 'process', ...more }))
  for (const [digest, bytes] of each.objects) objects.set(digest, bytes)
  return each
}

const writesTo = (path: string) => term('file.path', 'contains', path)
const isTool = (pid: number) => term('process.path', 'is', `/usr/bin/tool${pid}`)

async function result(of: Made, more: Partial<BacktestRequest> = {}) {
  const backtest = more.backtest ?? 1
  backtests.request({
    ...{ kind: 'backtest', n: 1, backtest, program: of.digest, since: 0, until: start + 1e9 },
    ...{ mostSamples: 2, mostMillis: 60_000, ...more },
  })
  return answer(backtest)
}

async function answer(backtest: number) {
  type Result = Extract<FromAgent, { kind: 'backtest-result' }>
  const found = () =>
    sent.find((message) => message.kind === 'backtest-result' && message.backtest === backtest)
  await until('a result', async () => found() !== undefined, 30_000)
  return found() as Omit<Result, 'n'>
}

test('it counts what would have been alerts, one a process image, and explains some', async () => {
  for (const pid of [1, 7, 8]) for (const after of [1, 2, 3]) write(pid, `/tmp/dropped-${pid}`, pid + after)
  write(8, '/home/notes', 30)
  const told = await result(program(writesTo('/tmp/dropped')))
  expect(told).toMatchObject({ state: 'done', reason: null, matches: 3, blindIntervals: 0 })
  expect(told.events).toBe(10)
  expect(told.reach).toMatchObject({ process: expect.any(Number), file: expect.any(Number) })
  expect(told.samples).toHaveLength(2)
  expect(told.samples[1]).toMatchObject({
    firstAt: start + 8 * second,
    chain: ['tool7 --quiet', 'tool1 --quiet'],
    witnesses: [{ property: 'file.path', seen: '"/tmp/dropped-7"' }],
  })
})

test('it joins a process, its creators and its events as a live match does', async () => {
  write(7, '/tmp/x', 1)
  write(8, '/tmp/x', 2)
  const ofChild: Condition = {
    kind: 'and',
    parts: [term('process.parent_path', 'is', '/usr/bin/tool7'), writesTo('/tmp/x')],
  }
  const told = await result(program(ofChild))
  expect(told).toMatchObject({ state: 'done', matches: 1, samples: [{ chain: { 0: 'tool8 --quiet' } }] })
})

test('only what was met within the time that is asked for counts', async () => {
  write(7, '/tmp/x', 1)
  write(8, '/tmp/x', 200)
  const within = { since: start + 100 * second, until: start + 300 * second }
  expect(await result(program(writesTo('/tmp/x')), within)).toMatchObject({ events: 1, matches: 1 })
  // The process began before, though it acts within.
  const began = await result(program(isTool(8)), { ...within, backtest: 2 })
  expect(began).toMatchObject({ state: 'done', matches: 0 })
})

test('blind intervals of the time are told beside the count', async () => {
  write(7, '/tmp/x', 1)
  const blind = { from: start, to: start + 5 * second, object: 'file', count: 3, reason: 'overflow' } as const
  journal.blind(blind)
  expect(await result(program(writesTo('/tmp/x')))).toMatchObject({ blindIntervals: 1, blind: [blind] })
})

test('it is refused without a journal, without its program, for another platform and for what only a scan sees', async () => {
  const file = writesTo('/tmp/x')
  expect(await result(program(file))).toMatchObject({ state: 'refused', reason: 'no-history' })
  write(7, '/tmp/x', 1)
  journal.flush()
  const nowhere = made(programOf(file, { needs }))
  expect(await result(nowhere, { backtest: 2 })).toMatchObject({ reason: 'missing-object' })
  const foreign = program(file, { platforms: ['windows'] })
  expect(await result(foreign, { backtest: 3 })).toMatchObject({
    reason: 'program',
    message: 'it is for windows',
  })
  const yara = yaraProgram('rule r { condition: true }')
  for (const [digest, bytes] of yara.objects) objects.set(digest, bytes)
  expect(await result(yara, { backtest: 4 })).toMatchObject({ state: 'refused', reason: 'needs-scan' })
  const wild = program(term('file.path', 'matches', '(unclosed'))
  expect(await result(wild, { backtest: 5 })).toMatchObject({ state: 'refused', reason: 'program' })
  const nonsense = made({ condition: 1 } as never)
  for (const [digest, bytes] of nonsense.objects) objects.set(digest, bytes)
  expect(await result(nonsense, { backtest: 6 })).toMatchObject({ state: 'refused' })
})

test('one that is cancelled while it waits never runs', async () => {
  write(8, '/tmp/x', 1)
  const of = program(writesTo('/tmp/x'))
  const first = result(of)
  const waiting = result(of, { backtest: 2 })
  backtests.cancel(2)
  expect(await waiting).toMatchObject({ state: 'cancelled', events: 0 })
  expect(await first).toMatchObject({ state: 'done', matches: 1 })
})

test('one that is cancelled while it runs ends and says how far it came', async () => {
  for (let number = 0; number < 20_000; number += 1) write(8, `/tmp/dropped-${number}`, number / 100)
  journal.flush()
  let events = 0
  const order = { folder: journal.folder, since: 0, until: start + 1e9, mostSamples: 1, mostMillis: 60_000 }
  const loaded = load(program(writesTo('/tmp/dropped')).program, () => undefined)
  const told = await runBacktest(loaded, order, {
    isCancelled: () => events > 0,
    rest: () => undefined,
    onProgress: (progress) => {
      events = progress.events
    },
  })
  expect(told).toMatchObject({ state: 'cancelled', matches: 1, events })
  expect(events).toBeLessThan(20_000)
})

test('one that is held back comes to its end all the same', async () => {
  for (let number = 0; number < 2_000; number += 1) write(8, `/tmp/dropped-${number}`, number / 100)
  backtests.hold(true)
  const told = await result(program(writesTo('/tmp/dropped')))
  expect(told).toMatchObject({ state: 'done', events: 2_000, matches: 1 })
})

test('one that stands still goes on when it is let go', async () => {
  const course = new Course()
  course.hold(true)
  expect(course.isHeld).toBe(true)
  course.hold(false)
  course.wait(600_000) // or this test would not end
  course.cancel()
  course.hold(true)
  expect([course.isHeld, course.isCancelled]).toEqual([false, true])
})

test('one that is held back can be cancelled, and ends when its time is up', async () => {
  write(8, '/tmp/x', 1)
  const of = program(writesTo('/tmp/x'))
  backtests.hold(true)
  expect(await result(of, { mostMillis: 200 })).toMatchObject({ state: 'partial', reason: 'time' })
  const held = result(of, { backtest: 2 })
  backtests.cancel(2)
  expect(await held).toMatchObject({ state: 'cancelled' })
})

test('one whose time is up is partial', async () => {
  for (let number = 0; number < 20_000; number += 1) write(8, `/tmp/dropped-${number}`, number / 100)
  const told = await result(program(writesTo('/tmp/none')), { mostMillis: 0 })
  expect(told).toMatchObject({ state: 'partial', reason: 'time', matches: 0 })
  expect(told.events).toBeLessThan(20_000)
})

test('a request that is sent again runs once', async () => {
  write(7, '/tmp/x', 1)
  const of = program(writesTo('/tmp/x'))
  const [first] = await Promise.all([result(of), result(of)])
  expect(first).toMatchObject({ state: 'done', matches: 1 })
  expect(sent.filter(({ kind }) => kind === 'backtest-result')).toHaveLength(1)
})
