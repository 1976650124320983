import { expect, test } from 'vitest'
import { strangersIn } from './early-notices.ts'
import type { KernelNotice } from './linux/bpf/notices.ts'
import { ProcessTable } from './process-table.ts'

const table = () => new ProcessTable('boot', 0)
const by = (pid: number, startTicks: number) => ({ at: 1, pid, tid: pid, startTicks })
const exit = (pid: number, startTicks: number): KernelNotice => ({
  kind: 'exit',
  ...by(pid, startTicks),
  code: 0,
})
const fork = (pid: number, startTicks: number, childPid: number, childTicks: number): KernelNotice => ({
  ...{ kind: 'fork', ...by(pid, startTicks), childPid, childTicks },
})

test('who acts and is neither known nor forked before is a stranger', () => {
  const known = table()
  known.fork(10, 1, 100, 1)
  const strangers = strangersIn([fork(10, 100, 11, 110), exit(11, 110), exit(12, 120), exit(10, 100)], known)
  expect([...strangers]).toEqual([['boot:12:120', { pid: 12, startTicks: 120 }]])
})

test('a pid that was given away again is another process', () => {
  const known = table()
  known.fork(10, 1, 100, 1)
  expect([...strangersIn([exit(10, 555)], known).keys()]).toEqual(['boot:10:555'])
})

test('a packet that nobody is known to have sent has no stranger', () => {
  expect(strangersIn([exit(0, 0)], table()).size).toBe(0)
})

test('a process that comes back does not take the pid of one that runs', () => {
  const known = table()
  known.fork(10, 1, 200, 1)
  const earlier = { key: known.keyOf(10, 100), parent: null, fields: {}, startedAt: 5, endedAt: null }
  known.restore(earlier)
  expect(known.ofPid(10)?.key).toBe('boot:10:200')
  expect(known.get(known.keyOf(10, 100))).toBe(earlier)
})

test('of a stranger whom nobody remembers everything but its pid and start is unknown', () => {
  const known = table()
  known.restoreUnknown(12, 120)
  const facts = known.get(known.keyOf(12, 120))
  expect(facts?.fields['process.pid']?.values).toEqual([12])
  expect(facts?.fields['process.path']?.whole).toBe(false)
  expect(facts?.startedAt).toBe(1_200_000)
})
