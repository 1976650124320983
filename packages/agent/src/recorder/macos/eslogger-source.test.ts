import type { BlindInterval } from '@tocsin/model'
import type { Step } from '@tocsin/telemetry'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type EsloggerListener, EsloggerSource } from './eslogger-source.ts'

let running: { readonly events: readonly string[]; readonly listener: EsloggerListener; isStopped: boolean }[]
let source: EsloggerSource
let steps: Step[]
let blind: BlindInterval[]
let states: (string | null)[]
beforeEach(async () => {
  vi.useFakeTimers()
  running = []
  steps = []
  blind = []
  states = []
  source = new EsloggerSource((events, listener) => {
    const child = { events, listener, isStopped: false }
    running.push(child)
    return () => {
      child.isStopped = true
    }
  })
  await source.start({
    onSteps: (more) => steps.push(...more),
    onBlind: (interval) => blind.push(interval),
    onState: (why) => states.push(why),
  })
})
afterEach(() => {
  vi.useRealTimers()
})

function line(number: number): string {
  const token = { pid: 7, pidversion: 9, euid: 501 }
  const process = { audit_token: token, ppid: 1, executable: { path: '/usr/bin/touch' } }
  const event = { unlink: { target: { path: '/tmp/x' } } }
  return `${JSON.stringify({ time: '2024-05-06T07:08:09Z', global_seq_num: number, process, event })}\n`
}
const tell = (text: string) => running.at(-1)?.listener.onBytes(new TextEncoder().encode(text))

test('it asks for what is read, and not for what the vocabulary has no words for', () => {
  expect(running[0]?.events).toEqual(expect.arrayContaining(['exec', 'fork', 'exit', 'close', 'mmap']))
  expect(running[0]?.events).not.toContain('open')
})

test('a line that comes in two pieces is one event', () => {
  tell(line(0).slice(0, 40))
  tell(line(0).slice(40))
  expect(steps.map(({ kind }) => kind)).toEqual(['start', 'event'])
})

test('events that the system dropped are blind, with their count', () => {
  tell(line(0) + line(5))
  const at = Date.UTC(2024, 4, 6, 7, 8, 9) * 1_000
  expect(blind).toEqual([{ from: at, to: at, object: 'host', count: 4, reason: 'overflow' }])
})

test('where it ends it says what it said, and is started again; its numbers then begin anew', () => {
  tell(line(50))
  running[0]?.listener.onEnded('ES_NEW_CLIENT_RESULT_ERR_NOT_PERMITTED')
  expect(states.at(-1)).toMatch(/Full Disk Access \(ES_NEW_CLIENT_RESULT_ERR_NOT_PERMITTED\)$/)
  vi.runOnlyPendingTimers()
  expect(running).toHaveLength(2)
  tell(line(0))
  expect(states.at(-1)).toBeNull()
  expect(blind).toEqual([])
})

test('stopped, it is not started again', async () => {
  await source.stop()
  expect(running[0]?.isStopped).toBe(true)
  running[0]?.listener.onEnded('terminated')
  vi.runOnlyPendingTimers()
  expect(running).toHaveLength(1)
})
