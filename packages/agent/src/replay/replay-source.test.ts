import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import type { BlindInterval } from '@tocsin/model'
import type { Step } from '@tocsin/telemetry'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { keepInput, recordedBytes } from './recorded-bytes.ts'
import { ReplaySource } from './replay-source.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-replay-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const flat = (platform: string, path: string) =>
  `${JSON.stringify({ type: 'file', at: 1_000, platform, 'process.key': 'p', 'file.path': path })}\n`

async function told(paths: readonly string[]) {
  const source = await ReplaySource.open(paths)
  const steps: Step[] = []
  const blind: BlindInterval[] = []
  await source.start({
    onSteps: (more) => steps.push(...more),
    onBlind: (interval) => blind.push(interval),
    onState: () => undefined,
  })
  let pieces = 0
  await source.run(async () => {
    pieces += 1
  })
  const events = steps.flatMap((step) =>
    step.kind === 'event' ? [step.event.fields['file.path']?.values[0]] : [],
  )
  return { source, steps, blind, events, pieces }
}

test('its platform and its properties are those of the records', async () => {
  const { source, events } = await told([file('a.jsonl', flat('macos', '/tmp/x'))])
  expect(source.platform).toBe('macos')
  expect(source.events.file).toContain('file.path')
  expect(Object.keys(source.events)).toEqual(['process', 'file'])
  expect(events).toEqual(['/tmp/x'])
})

test('files are told one after the other, and processes of one are known in the next', async () => {
  const first = `${JSON.stringify({ type: 'process', 'process.key': 'p', 'process.path': '/bin/sh' })}\n`
  const { steps } = await told([file('a.jsonl', first), file('b.jsonl', flat('linux', '/tmp/x'))])
  const last = steps.findLast((step) => step.kind === 'event')
  expect(last?.kind === 'event' && last.actor?.facts.fields['process.path']?.values).toEqual(['/bin/sh'])
})

test('events of another platform than the first are left out and counted', async () => {
  const { source, events } = await told([file('a.jsonl', flat('windows', 'C:\\x') + flat('linux', '/tmp/x'))])
  expect(source.platform).toBe('windows')
  expect(events).toEqual(['C:\\x'])
  expect(source.leftOut.foreign).toBe(1)
})

test('a packed file that ends early is told as far as it goes, and said to be cut', async () => {
  const lines = Array.from({ length: 20_000 }, (_, at) => flat('linux', `/tmp/${Math.sin(at)}`)).join('')
  const { source, events } = await told([file('a.gz', gzipSync(lines).subarray(0, 100_000))])
  expect(events.length).toBeGreaterThan(1_000)
  expect(events.length).toBeLessThan(20_000)
  expect(source.leftOut.cut).toEqual([expect.stringContaining('a.gz: ')])
})

test('what cannot be read or evaluated is counted', async () => {
  const event = { Event: { System: { Provider: { '@Name': 'Sysmon' }, EventID: 10 }, EventData: {} } }
  const { source } = await told([file('a.jsonl', `nonsense\n${JSON.stringify(event)}\n`)])
  expect(source.leftOut.unread).toBe(1)
  expect([...source.leftOut.others.values()]).toEqual([1])
})

test('a hole in the numbers of eslogger is a blind interval', async () => {
  const line = (number: number) =>
    `${JSON.stringify({
      time: '2024-05-06T07:08:09Z',
      global_seq_num: number,
      process: { audit_token: { pid: 1, pidversion: 2 } },
      event: { unlink: { target: { path: '/x' } } },
    })}\n`
  const { blind } = await told([file('a.jsonl', line(0) + line(3))])
  expect(blind).toMatchObject([{ object: 'host', count: 2, reason: 'overflow' }])
})

test('between pieces it waits for room', async () => {
  const lines = Array.from({ length: 5_000 }, (_, at) => flat('linux', `/tmp/${at}`)).join('')
  expect((await told([file('a.jsonl', lines)])).pieces).toBeGreaterThan(1)
})

test('standard input is kept, so that it can be read twice', async () => {
  async function* input() {
    yield Buffer.from('one ')
    yield Buffer.from('two')
  }
  const path = await keepInput(Readable.from(input()), folder)
  for (const _ of [1, 2]) {
    const pieces: Uint8Array[] = []
    for await (const piece of recordedBytes(path)) pieces.push(piece)
    expect(Buffer.concat(pieces).toString()).toBe('one two')
  }
})
