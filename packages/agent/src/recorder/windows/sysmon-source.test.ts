import { EventEmitter } from 'node:events'
import type { BlindInterval } from '@tocsin/model'
import type { Step } from '@tocsin/telemetry'
import { beforeEach, expect, test } from 'vitest'
import type { ChannelMessage } from './channel-loop.ts'
import { SysmonSource } from './sysmon-source.ts'

class FakeThread extends EventEmitter {
  readonly posted: unknown[] = []
  readonly threadId = 1

  postMessage(message: unknown): void {
    this.posted.push(message)
    if (message === 'end') this.emit('exit')
  }

  async terminate(): Promise<number> {
    return 0
  }

  tell(message: ChannelMessage): void {
    this.emit('message', message)
  }
}

let thread: FakeThread
let source: SysmonSource
let steps: Step[]
let blind: BlindInterval[]
let states: (string | null)[]
beforeEach(() => {
  thread = new FakeThread()
  source = new SysmonSource('/nowhere', () => thread as never)
  steps = []
  blind = []
  states = []
})

const start = () =>
  source.start({
    onSteps: (more) => steps.push(...more),
    onBlind: (interval) => blind.push(interval),
    onState: (why) => states.push(why),
  })
const at = Date.UTC(2024, 4, 6, 7, 8, 9) * 1_000
const created = `<Event><System><Provider Name='Microsoft-Windows-Sysmon'/><EventID>1</EventID><Computer>pc</Computer></System>
<EventData><Data Name='UtcTime'>2024-05-06 07:08:09.000</Data><Data Name='ProcessGuid'>{b3c4d5e6-0000-0000-1111-000000000001}</Data>
<Data Name='ProcessId'>7</Data><Data Name='Image'>C:\\Windows\\System32\\cmd.exe</Data></EventData></Event>`

test('events of the channel are steps, and a batch is accepted once they were handed over', async () => {
  const started = start()
  thread.tell({ kind: 'opened', isContinued: true, lostSince: null })
  expect(await started).toEqual({ isContinued: true })
  thread.tell({ kind: 'events', events: [created] })
  expect(steps.map(({ kind }) => kind)).toEqual(['start', 'event'])
  expect(thread.posted).toEqual(['accepted'])
  expect(blind).toEqual([])
})

test('what the log had no room for is blind until the oldest event that is left', async () => {
  const started = start()
  thread.tell({ kind: 'opened', isContinued: false, lostSince: at - 60_000_000 })
  expect(await started).toEqual({ isContinued: false })
  thread.tell({ kind: 'events', events: [created] })
  thread.tell({ kind: 'events', events: [created] })
  expect(blind).toHaveLength(7)
  expect(blind[0]).toEqual({
    from: at - 60_000_000,
    to: at,
    object: 'process',
    count: null,
    reason: 'overflow',
  })
})

test('a missing channel is said, and that it is there later', async () => {
  const started = start()
  thread.tell({ kind: 'fault', why: 'the channel is missing' })
  expect(await started).toEqual({ isContinued: false })
  thread.tell({ kind: 'opened', isContinued: false, lostSince: null })
  expect(states).toEqual(['the channel is missing', null])
})

test('a thread that ends is said, and stopping ends it', async () => {
  const started = start()
  thread.emit('error', new Error('no wevtapi'))
  await started
  expect(states[0]).toContain('no wevtapi')
  await source.stop()
  expect(thread.posted.at(-1)).toBe('end')
})
