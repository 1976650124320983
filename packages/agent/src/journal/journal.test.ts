import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EventObject, type Fields, known, type ProcessFacts, type RecordedEvent } from '@tocsin/model'
import { until } from '@tocsin/testkit/until.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Journal, type JournalOptions } from './journal.ts'
import type { HistoryFilter } from './questions.ts'

let folder = ''
let journal: Journal
let warnings: string[] = []
const log = {
  info: (what: string) => void warnings.push(what),
  warn: (what: string) => void warnings.push(what),
}
const processes = new Map<string, ProcessFacts>()
const roomy = () => ({ free: 1e15, size: 1e15 })
const start = Date.now() * 1_000

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-journal-'))
  warnings = []
  processes.clear()
  journal = opened()
})
afterEach(async () => {
  await journal.close()
  rmSync(folder, { recursive: true, force: true })
})

function opened(options: Partial<JournalOptions> = {}): Journal {
  const processOf = (key: string) => processes.get(key)
  return new Journal({ stateDir: folder, log, processOf, space: roomy, ...options })
}

async function reopen(options: Partial<JournalOptions> = {}): Promise<void> {
  await journal.close()
  journal = opened(options)
}

function event(number: number, more: Partial<RecordedEvent> = {}): RecordedEvent {
  const fields: Fields = { 'file.path': known(`/tmp/file-${number}`) }
  return {
    id: String(number),
    object: 'file',
    operation: 'write',
    at: start + number,
    actor: 'b:1:1',
    fields,
    ...more,
  }
}

function facts(key: string, path: string, parent: string | null = null): ProcessFacts {
  return { key, parent, startedAt: start, endedAt: null, fields: { 'process.path': known(path) } }
}

const segmentNames = (series: string) => readdirSync(join(folder, 'journal', series)).sort()
const isSealed = async (series: string) =>
  until(`${series} is sealed`, async () => segmentNames(series).every((name) => /^\d+\.db$/.test(name)))

async function ids(filter: Partial<HistoryFilter> = {}): Promise<readonly string[]> {
  const { rows } = await journal.page({ view: 'combined', limit: 100, ...filter })
  return rows.map((row) => row.event.id)
}

test('what was recorded is there after a restart, newest first', async () => {
  for (const number of [1, 2]) journal.event(event(number))
  await reopen()
  journal.event(event(3))
  expect(await ids()).toEqual(['3', '2', '1'])
})

test('a segment that is left by a restart is sealed and reads as before', async () => {
  for (const number of [1, 2, 3]) journal.event(event(number))
  const before = await journal.page({ view: 'file', limit: 10 })
  await reopen()
  await isSealed('file')
  const { rows } = await journal.page({ view: 'file', limit: 10 })
  expect(rows).toEqual(before.rows)
  expect(await ids({ where: [{ property: 'file.path', comparison: 'ends', value: 'FILE-2' }] })).toEqual([
    '2',
  ])
})

test('a page goes on where the one before ended, whatever is recorded meanwhile', async () => {
  for (let number = 1; number <= 25; number += 1) journal.event(event(number, { at: start }))
  const read: string[] = []
  let cursor: string | null | undefined
  for (let pages = 0; cursor !== null && pages < 10; pages += 1) {
    const question = { view: 'file', limit: 10, ...(cursor === undefined ? {} : { cursor }) } as const
    const page = await journal.page(question)
    read.push(...page.rows.map((row) => row.event.id))
    cursor = page.cursor
    journal.event(event(100 + pages))
  }
  expect(read).toEqual(Array.from({ length: 25 }, (_, index) => String(25 - index)))
})

test('an event that is told again replaces what was told, also after its segment was sealed', async () => {
  const dns = (response: Fields) => event(7, { object: 'dns', operation: 'query', fields: response })
  journal.event(dns({ 'dns.query': known('example.org') }))
  journal.flush()
  journal.event(event(8))
  journal.event(dns({ 'dns.query': known('example.org'), 'dns.response': known('192.0.2.1') }))
  const read = async () =>
    (await journal.page({ view: 'dns', limit: 10 })).rows.map(({ event }) => event.fields)
  const answered = [{ 'dns.query': known('example.org'), 'dns.response': known('192.0.2.1') }]
  expect(await read()).toEqual(answered)
  await reopen()
  await isSealed('other')
  expect(await read()).toEqual(answered)
})

test('the same again within a short time is one row that says how often and until when', async () => {
  const same = { fields: { 'file.path': known('/var/log/x') } }
  for (const number of [1, 2, 3]) journal.event(event(number, same))
  journal.event(event(4, { ...same, actor: 'b:2:2' }))
  journal.event(event(60_000_000, same))
  const { rows } = await journal.page({ view: 'file', limit: 10 })
  expect(rows.map(({ times, lastAt }) => [times, lastAt - start])).toEqual([
    [1, 60_000_000],
    [1, 4],
    [3, 3],
  ])
  const { counts } = await journal.counts({ view: 'combined' })
  expect(counts).toEqual({ file: { write: 5 } })
})

test.each<[HistoryFilter['where'], readonly string[]]>([
  [[{ property: 'network.remote_port', comparison: 'is', value: '443' }], ['3']],
  [[{ property: 'network.address', comparison: 'starts', value: '192.0.2.' }], ['3']],
  [[{ property: 'process.path', comparison: 'contains', value: '/CURL' }], ['3', '1']],
  [[{ property: 'process.path', comparison: 'ends', value: 'bash' }], ['2']],
  [[{ property: 'process.path', comparison: 'is', value: 'bash' }], []],
])('a filter finds the same in a live segment and in a sealed one: %j', async (where, expected) => {
  for (const [key, path] of [
    ['b:1:1', '/usr/bin/curl'],
    ['b:2:2', '/bin/bash'],
  ] as const)
    processes.set(key, facts(key, path))
  journal.event(event(1))
  journal.event(event(2, { actor: 'b:2:2' }))
  const fields = { 'network.remote_port': known(443), 'network.remote_address': known('192.0.2.7') }
  journal.event(event(3, { object: 'network', operation: 'connect', fields }))
  expect(await ids({ where: where ?? [] })).toEqual(expected)
  await reopen()
  await isSealed('process')
  await isSealed('file')
  expect(await ids({ where: where ?? [] })).toEqual(expected)
})

test('views, times and actors narrow what is read', async () => {
  journal.event(event(1))
  journal.event(event(2, { object: 'security', operation: 'ptrace', actor: 'b:2:2' }))
  journal.event(event(3, { object: 'image', operation: 'load' }))
  expect(await ids({ view: 'security' })).toEqual(['2'])
  expect(await ids({ actor: 'b:1:1' })).toEqual(['3', '1'])
  expect(await ids({ from: start + 2, to: start + 2 })).toEqual(['2'])
})

test('a process is shown with those it came from, those that came from it, and what each did', async () => {
  processes.set('root', facts('root', '/sbin/init'))
  processes.set('child', facts('child', '/bin/sh', 'root'))
  processes.set('leaf', facts('leaf', '/bin/cat', 'child'))
  journal.event(event(1, { actor: 'leaf' }))
  journal.completion({ of: 'leaf', fields: { 'process.md5': known('aa') } })
  const exit = { 'process.exit_code': known(3) }
  journal.event(event(2, { actor: 'leaf', object: 'process', operation: 'exit', fields: exit }))
  const read = async () => {
    const { process, ancestors } = await journal.processTree('child')
    const [leaf] = process?.children ?? []
    expect(ancestors.map((node) => node.facts.key)).toEqual(['root'])
    expect(leaf?.events).toEqual({ file: 1, process: 1 })
    expect(leaf?.facts.fields['process.md5']).toEqual(known('aa'))
    expect(leaf?.facts.fields['process.exit_code']).toEqual(known(3))
    expect(leaf?.facts.endedAt).toBe(start + 2)
  }
  await read()
  await reopen()
  await isSealed('process')
  await read()
  expect((await journal.processTree('nobody')).process).toBeNull()
})

test('processes are recalled after a kill, and one that nobody told of is not', async () => {
  journal.process(facts('b:1:1', '/bin/sh'))
  journal.process(facts('b:2:2', '/bin/cat', 'b:1:1'))
  journal.flush()
  const next = opened()
  const recalled = await next.recall(['b:2:2', 'b:3:3'])
  expect(recalled).toEqual([facts('b:2:2', '/bin/cat', 'b:1:1')])
  await next.close()
})

test('whoever waits for it hears when all that was told is written', async () => {
  let flushed = 0
  await reopen({ onFlushed: () => (flushed += 1) })
  journal.event(event(1))
  expect(flushed).toBe(0)
  journal.flush()
  expect(flushed).toBe(1)
})

test('a damaged segment is set aside and said to be missing, and the rest is read', async () => {
  journal.event(event(1))
  await reopen()
  await isSealed('file')
  const [name = ''] = segmentNames('file')
  writeFileSync(join(folder, 'journal', 'file', name), 'no database'.repeat(1_000))
  journal.event(event(2))
  const page = await journal.page({ view: 'file', limit: 10 })
  expect(page.rows.map((row) => row.event.id)).toEqual(['2'])
  expect(page.missing).toHaveLength(1)
  await until('it is set aside', async () => segmentNames('file').some((each) => each.endsWith('.corrupt')))
  expect(warnings).toContain('a segment of the journal is damaged and was set aside')
  expect((await journal.page({ view: 'file', limit: 10 })).missing).toHaveLength(1)
})

test('while the file system has too little room nothing is written, and what was lost is in the past as blind', async () => {
  let free = 1e15
  await reopen({ space: () => ({ free, size: 1e15 }) })
  journal.event(event(1))
  journal.flush()
  free = 1e6
  journal.tidy()
  for (const number of [2, 3]) journal.event(event(number))
  expect(await ids()).toEqual(['1'])
  free = 1e15
  journal.tidy()
  journal.event(event(4))
  journal.flush()
  expect(await ids()).toEqual(['4', '1'])
  const { intervals } = await journal.blindIntervals(0, Number.MAX_SAFE_INTEGER)
  expect(intervals).toMatchObject([{ object: 'host', count: 2, reason: 'overflow' }])
  expect(warnings).toEqual(['the journal cannot be written', 'the journal is written again'])
})

test('how far back each kind reaches comes with every answer; together they reach as far as the shortest', async () => {
  expect(journal.since()).toBeNull()
  journal.event(event(1))
  journal.event(event(5, { object: 'dns', operation: 'query' }))
  const { reach } = await journal.page({ view: 'file', limit: 1 })
  const told: [EventObject, number][] = [
    ['file', start + 1],
    ['network', start + 5],
    ['dns', start + 5],
  ]
  expect([...reach]).toEqual(expect.arrayContaining(told))
  expect(journal.since()).toBe(start + 5)
})

test('a question that is cancelled is answered with what was read', async () => {
  for (let number = 1; number <= 50_000; number += 1) journal.event(event(number))
  const abort = new AbortController()
  const answer = journal.counts({ view: 'combined' }, abort.signal)
  abort.abort()
  expect((await answer).isWhole).toBe(false)
})

test('the file of an earlier format is removed', async () => {
  await journal.close()
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'journal.db'), 'old')
  journal = opened()
  expect(readdirSync(folder)).not.toContain('journal.db')
  expect(warnings).toEqual(['a journal of an earlier format was removed'])
})

test('a segment that was begun in the moment of a kill holds nothing, and is no damage', async () => {
  await journal.close()
  mkdirSync(join(folder, 'journal', 'file'), { recursive: true })
  writeFileSync(join(folder, 'journal', 'file', `${start}.live.db`), '')
  journal = opened()
  journal.event(event(1))
  const page = await journal.page({ view: 'file', limit: 10 })
  expect(page.rows.map((row) => row.event.id)).toEqual(['1'])
  expect(page.missing).toEqual([])
  expect(warnings).toEqual([])
})
