import type { BlindInterval, Completion, ProcessFacts, RecordedEvent } from '@tocsin/model'
import { TelemetryReader } from '@tocsin/telemetry'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { StepRecorder } from './step-recorder.ts'
import type { Started, StepListener, StepSource } from './step-source.ts'

class FakeSource implements StepSource {
  readonly name = 'fake'
  readonly platform = 'windows'
  readonly events = { process: ['process.path'], file: ['file.path'] }
  started: Started = { isContinued: false }
  listener: StepListener | undefined
  private readonly reader = new TelemetryReader('log')

  async start(listener: StepListener): Promise<Started> {
    this.listener = listener
    return this.started
  }

  async stop(): Promise<void> {
    this.listener = undefined
  }

  tell(record: object): void {
    this.listener?.onSteps(this.reader.push(new TextEncoder().encode(`${JSON.stringify(record)}\n    `)))
  }
}

let source: FakeSource
let recorder: StepRecorder
let processes: ProcessFacts[]
let events: RecordedEvent[]
let completions: Completion[]
let ended: string[]
let blind: BlindInterval[]
let changes: number
beforeEach(() => {
  source = new FakeSource()
  recorder = recorderOf('events')
})
afterEach(() => recorder.stop())

function recorderOf(clock: 'now' | 'events'): StepRecorder {
  processes = []
  events = []
  completions = []
  ended = []
  blind = []
  changes = 0
  return new StepRecorder({
    source,
    clock,
    onProcess: (facts) => processes.push(facts),
    onEvent: (event) => events.push(event),
    onCompletion: (completion) => completions.push(completion),
    onExit: (key) => ended.push(key),
    onBlind: (interval) => blind.push(interval),
    onSourcesChanged: () => {
      changes += 1
    },
  })
}

const start = (key: string, parent: string) => ({
  ...{ type: 'process', at: 1_000, 'process.key': key, 'process.path': `/bin/${key}` },
  'process.parent_key': parent,
})
const chainOf = (key: string) => recorder.table.chainOf(key, 10).map((facts) => facts.key)

test('a process is told before what it does, with who created it', async () => {
  await recorder.start()
  source.tell(start('a', 'top'))
  source.tell(start('b', 'a'))
  source.tell({ type: 'file', at: 2_000, 'process.key': 'b', 'file.path': '/tmp/x' })
  expect(processes.map(({ key }) => key)).toEqual(['top', 'a', 'b'])
  expect(events.map(({ object, actor }) => [object, actor])).toEqual([
    ['process', 'a'],
    ['process', 'b'],
    ['file', 'b'],
  ])
  expect(chainOf('b')).toEqual(['b', 'a', 'top'])
})

test('more of a process completes it, and its end is told', async () => {
  await recorder.start()
  source.tell({ type: 'file', at: 2_000, 'process.key': 'a', 'file.path': '/tmp/x' })
  source.tell({ type: 'file', at: 3_000, 'process.key': 'a', 'process.path': '/bin/a', 'file.path': '/x' })
  source.tell({ type: 'process', at: 4_000, 'process.key': 'a', operation: 'exit' })
  expect(completions.map(({ of }) => of)).toEqual(['a'])
  expect(ended).toEqual(['a'])
  expect(recorder.table.get('a')?.endedAt).toBe(4_000)
})

test('recorded events have the same numbers each time, and no two the same', async () => {
  const numbers = async () => {
    source = new FakeSource()
    recorder = recorderOf('events')
    await recorder.start()
    for (const at of [1_000, 1_000, 500]) source.tell({ ...start('a', 'top'), at })
    await recorder.stop()
    return events.map(({ id }) => id)
  }
  expect(await numbers()).toEqual(['1000', '1001', '1002'])
  expect(await numbers()).toEqual(['1000', '1001', '1002'])
})

test('its clock stands at the newest recorded event, or is that of the machine', async () => {
  await recorder.start()
  source.tell(start('a', 'top'))
  expect(recorder.now()).toBe(1_000)
  expect(recorderOf('now').now()).toBeGreaterThan(1_000_000)
})

test('while its source does not run it has no capabilities, and the time is blind', async () => {
  await recorder.start()
  expect(recorder.capabilityEvents()).toEqual(source.events)
  source.listener?.onState('it ended')
  source.listener?.onState('it ended')
  expect(recorder.states).toEqual([{ name: 'fake', running: false, why: 'it ended' }])
  expect(recorder.capabilityEvents()).toEqual({})
  expect(changes).toBe(1)
  source.listener?.onState(null)
  expect(blind.map(({ object, reason }) => [object, reason])).toEqual([
    ['process', 'unreadable'],
    ['file', 'unreadable'],
  ])
  expect(recorder.capabilityEvents()).toEqual(source.events)
})

test('what a source kept while no agent ran is known as kept', async () => {
  source.started = { isContinued: true }
  await recorder.start()
  expect([...recorder.keptSince()]).toEqual([
    ['process', 0],
    ['file', 0],
  ])
})

test('a process that ended long ago is forgotten, unless a child of it lives', async () => {
  await recorder.start()
  for (const key of ['a', 'c']) source.tell(start(key, 'top'))
  source.tell(start('b', 'a'))
  for (const key of ['a', 'c'])
    source.tell({ type: 'process', at: 2_000, 'process.key': key, operation: 'exit' })
  recorder.table.sweep(2_000 + 61_000_000)
  expect(chainOf('b')).toEqual(['b', 'a', 'top'])
  expect(recorder.table.get('c')).toBeUndefined()
})
