import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BlindInterval, Finding } from '@tocsin/model'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findingOf } from '../testdata/findings.ts'
import { Outbox, type OutboxOptions } from './outbox.ts'

let folder = ''
let time = 0
let blind: BlindInterval[] = []
const boxes: Outbox[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-outbox-'))
  time = 1_800_000_000_000_000
  blind = []
})
afterEach(() => {
  for (const box of boxes.splice(0)) box.close()
  rmSync(folder, { recursive: true, force: true })
})

function opened(more: Partial<OutboxOptions> = {}): Outbox {
  const box = new Outbox({ stateDir: folder, onBlind: (each) => blind.push(each), now: () => time, ...more })
  boxes.push(box)
  return box
}

test('a finding waits, also over a restart, until it is accepted', () => {
  opened().add(findingOf('a'))
  const again = opened()
  const sent = again.next(10)
  expect(sent.map(({ finding, throttled }) => [finding.id, finding.count, throttled])).toEqual([
    [findingOf('a').id, 1, 0],
  ])
  again.accept(sent)
  expect(again.size()).toBe(0)
  expect(opened().next(10)).toEqual([])
})

test('the same finding again is counted, and one that was seen after it was sent stays', () => {
  const box = opened()
  box.add(findingOf('a'))
  const sent = box.next(10)
  box.add(findingOf('a'))
  box.accept(sent)
  expect(box.next(10).map(({ finding }) => finding.count)).toEqual([2])
  box.accept(box.next(10))
  box.add(findingOf('a'))
  expect(
    opened()
      .next(10)
      .map(({ finding }) => finding.count),
  ).toEqual([3])
})

test('beyond 60 a minute findings of a program are only counted, and the next one says how many', () => {
  const box = opened()
  for (let count = 0; count < 100; count += 1) box.add(findingOf(`flood ${count}`))
  box.add(findingOf('other', { program: 'f'.repeat(64) }))
  expect(box.size()).toBe(61)
  time += 60_000_000
  box.add(findingOf('next'))
  expect(box.next(1_000).at(-1)).toMatchObject({ finding: { id: findingOf('next').id }, throttled: 40 })
})

test('a flood that ends is told without a further finding', () => {
  const box = opened()
  for (let count = 0; count < 100; count += 1) box.add(findingOf(`flood ${count}`))
  expect(box.settle()).toBe(false)
  time += 60_000_000
  expect(box.settle()).toBe(true)
  expect(box.next(1_000).at(-1)).toMatchObject({ finding: { id: findingOf('flood 99').id }, throttled: 39 })
  expect(box.settle()).toBe(false)
})

test('a full outbox refuses new findings and says so as a blind interval; known ones are still counted', () => {
  const box = opened({ most: { findings: 2, bytes: 1 << 20 } })
  for (const name of ['a', 'b', 'c', 'a']) box.add(findingOf(name))
  expect(box.next(10).map(({ finding }) => finding.count)).toEqual([2, 1])
  expect(blind).toMatchObject([{ object: 'host', count: 1, reason: 'overflow' }])
})

test('the outbox is bounded in bytes, also after a restart', () => {
  const most = { findings: 1_000, bytes: 5_000 }
  const name = 'x'.repeat(3_000)
  const of = (id: string): Finding => findingOf(id, { intel: { id: 1, revision: 1, kind: 'openioc', name } })
  opened({ most }).add(of('a'))
  const box = opened({ most })
  expect(box.add(of('b'))).toBe(true)
  expect(box.add(of('c'))).toBe(false)
  box.accept(box.next(10))
  expect(box.add(of('d'))).toBe(true)
})

test('a finding whose explanation is too large is kept with what its terms read', () => {
  const box = opened()
  box.add(findingOf('large', {}, 300_000))
  const [sent] = box.next(1)
  expect(JSON.stringify(sent).length).toBeLessThan(20_000)
  expect(sent?.finding.explanation.instances[0]?.fields).toEqual({
    'file.name': { values: ['large'], whole: true },
  })
})

test('blind intervals wait until they are accepted', () => {
  const interval: BlindInterval = { from: 1, to: 2, object: 'file', count: null, reason: 'overflow' }
  opened().addBlind(interval)
  const box = opened()
  box.addBlind({ ...interval, from: 3 })
  const sent = box.nextBlind(1)
  expect(sent.map((each) => each.interval)).toEqual([interval])
  box.acceptBlind(sent)
  expect(box.nextBlind(10).map((each) => each.interval.from)).toEqual([3])
})

test('a finding that was told of is there after kill -9', async () => {
  const script = fileURLToPath(new URL('./testdata/add-for-ever.ts', import.meta.url))
  const child = spawn(process.execPath, ['--no-warnings', script, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const told: string[] = []
  child.stdout
    .setEncoding('utf8')
    .on('data', (text: string) => told.push(...text.split('\n').filter((id) => id !== '')))
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  child.kill('SIGKILL')
  await once(child, 'close')
  const whole = told.filter((id) => id.length === 64)
  const kept = new Set(
    opened()
      .next(20_000)
      .map(({ finding }) => finding.id),
  )
  expect(whole.length).toBeGreaterThan(10)
  expect(whole.filter((id) => !kept.has(id))).toEqual([])
})
