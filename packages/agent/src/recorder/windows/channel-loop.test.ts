import { beforeEach, expect, test } from 'vitest'
import { ChannelLoop, type ChannelMessage } from './channel-loop.ts'
import { ChannelReader, type Place } from './channel-reader.ts'
import { EventLogFault, eventLogCodes } from './event-log.ts'
import { FakeEventLog } from './testdata/fake-event-log.ts'

const channel = 'Microsoft-Windows-Sysmon/Operational'
let log: FakeEventLog
let saved: Place | undefined
let told: ChannelMessage[]
let waiting: { readonly run: () => void; readonly milliseconds: number }[]
beforeEach(() => {
  log = new FakeEventLog()
  saved = undefined
  told = []
  waiting = []
})

/** As the agent starts it; what it saved is there again. */
function start(): ChannelLoop {
  const reader = new ChannelReader({
    log,
    channel,
    load: () => saved,
    save: (place) => {
      saved = place
    },
    now: () => 5_000,
  })
  const loop = new ChannelLoop({
    reader,
    channel,
    tell: (message) => told.push(message),
    later: (run, milliseconds) => waiting.push({ run, milliseconds }),
  })
  loop.open()
  return loop
}

/** What it does once its pauses are over; one batch on its way stops it. */
function go(): void {
  for (const { run } of waiting.splice(0)) run()
}
const eventsTold = () => told.flatMap((message) => (message.kind === 'events' ? message.events : []))

test('the first time it begins with what happens from now on', () => {
  log.add(1, 'before')
  start()
  log.add(2, 'after')
  go()
  expect(log.begun).toEqual(['now'])
  expect(told[0]).toEqual({ kind: 'opened', isContinued: false, lostSince: null })
  expect(eventsTold()).toEqual(['after'])
})

test('a batch is read once the one before was handed over, and only then its place is saved', () => {
  const loop = start()
  for (let number = 1; number <= 70; number += 1) log.add(number, `event ${number}`)
  go()
  expect(eventsTold()).toHaveLength(64)
  expect(saved).toBeUndefined()
  expect(waiting).toEqual([])
  loop.accepted()
  expect(saved).toEqual({ bookmark: '64', at: 5_000 })
  expect(eventsTold()).toHaveLength(70)
})

test('after a restart it goes on where it was, and tells again what was not handed over', () => {
  const loop = start()
  log.add(1, 'one')
  go()
  loop.accepted()
  log.add(2, 'two')
  go()
  expect(eventsTold()).toEqual(['one', 'two'])
  told = []
  start()
  expect(log.begun.at(-1)).toEqual({ after: '1' })
  expect(told[0]).toEqual({ kind: 'opened', isContinued: true, lostSince: null })
  expect(eventsTold()).toEqual(['two'])
})

test('where the log has wrapped meanwhile it begins at the oldest, and says since when events are lost', () => {
  saved = { bookmark: '1', at: 4_000 }
  log.add(1, 'one')
  log.add(7, 'seven')
  log.wrap(7)
  start()
  expect(log.begun).toEqual([{ after: '1' }, 'oldest'])
  expect(told[0]).toEqual({ kind: 'opened', isContinued: false, lostSince: 4_000 })
  expect(eventsTold()).toEqual(['seven'])
})

test('a log that wraps while it is read is opened again at once', () => {
  const loop = start()
  log.add(1, 'one')
  go()
  log.faults.push(new EventLogFault('EvtNext', eventLogCodes.stale))
  log.add(9, 'nine')
  log.wrap(9)
  loop.accepted()
  expect(waiting.map(({ milliseconds }) => milliseconds)).toEqual([0])
  go()
  expect(told.filter(({ kind }) => kind === 'fault')).toEqual([])
  expect(told.at(-2)).toEqual({ kind: 'opened', isContinued: false, lostSince: 5_000 })
  expect(eventsTold()).toEqual(['one', 'nine'])
})

test.each([
  [eventLogCodes.channelNotFound, 'install Sysmon'],
  [eventLogCodes.accessDenied, 'LocalSystem'],
  [1_722, 'error 1722'],
])('where error %d forbids it says “%s”, and tries again later', (code, advice) => {
  log.faults.push(new EventLogFault('EvtSubscribe', code))
  start()
  expect(told).toEqual([{ kind: 'fault', why: expect.stringContaining(advice) }])
  expect(waiting.map(({ milliseconds }) => milliseconds)).toEqual([10_000])
  log.add(1, 'one')
  go()
  log.add(2, 'two')
  go()
  expect(eventsTold()).toEqual(['two'])
})

test('every subscription that is given up is closed', () => {
  start()
  log.faults.push(new EventLogFault('EvtNext', 1_722))
  go()
  expect(log.closed).toBe(1)
})
