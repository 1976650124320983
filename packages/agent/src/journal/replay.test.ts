import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { known, type ProcessFacts, type RecordedEvent } from '@tocsin/model'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Breath } from './breath.ts'
import { Journal } from './journal.ts'
import { replay } from './replay.ts'
import { seal } from './seal.ts'
import { segmentFiles } from './segment-files.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-journal-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const log = { info: () => undefined, warn: () => undefined }
const room = { free: 1e15, size: 1e15 }
const start = Date.now() * 1_000
const facts = (key: string, parent: string | null): ProcessFacts => ({
  ...{ key, parent, startedAt: start, endedAt: null },
  fields: { 'process.path': known(`/bin/${key}`) },
})
const processes = new Map([
  ['p0', facts('p0', null)],
  ['p1', facts('p1', 'p0')],
  ['p2', facts('p2', 'p1')],
])

function opened(): Journal {
  return new Journal({ stateDir: folder, log, space: () => room, processOf: (key) => processes.get(key) })
}

const objects = ['file', 'network', 'dns', 'security', 'image'] as const
const values = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.replaceAll('\0', '')),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  fc.boolean(),
  fc.constant(null),
  fc.constant({ bytes: 'ff00' }),
  fc.nat().map((time) => ({ time })),
  fc.string({ maxLength: 5 }).map((cut) => ({ cut })),
)
const recorded = fc.record({
  object: fc.constantFrom(...objects),
  operation: fc.constantFrom('one', 'two'),
  actor: fc.constantFrom('p0', 'p1', 'p2', 'unknown'),
  /** Comes up to so much late, µs. */
  late: fc.nat(5_000),
  /** The agent is started again before it. */
  isRestart: fc.integer({ min: 0, max: 9 }).map((number) => number === 0),
  isAgain: fc.integer({ min: 0, max: 9 }).map((number) => number === 0),
  field: fc.record({ values: fc.array(values, { maxLength: 3 }), whole: fc.boolean() }),
})

async function sealAll(): Promise<void> {
  const root = join(folder, 'journal')
  for (const file of segmentFiles(root).filter(({ state }) => state === 'live'))
    await seal(file, root, new Breath({ milliseconds: 60_000 }))
}

async function told() {
  const events: RecordedEvent[] = []
  const seen = new Set<string>()
  const actors: boolean[] = []
  await replay({
    ...{ folder: join(folder, 'journal'), from: 0, to: Number.MAX_SAFE_INTEGER },
    onProcess: ({ key, parent }) => {
      actors.push(parent === null || seen.has(parent))
      seen.add(key)
    },
    onEvent: (event) => {
      actors.push(event.actor === 'unknown' || seen.has(event.actor))
      events.push(event)
    },
  })
  return { events, isEveryActorTold: actors.every(Boolean) }
}

test('what was written is read in order of time over segment borders, live and sealed, the last of each id', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(recorded, { maxLength: 60 }), async (all) => {
      rmSync(join(folder, 'journal'), { recursive: true, force: true })
      const expected = new Map<string, RecordedEvent>()
      let journal = opened()
      /** Only what was told since the agent was started is told again. */
      let latest: RecordedEvent | undefined
      for (const [index, { late, isRestart, isAgain, field, ...rest }] of all.entries()) {
        if (isRestart) {
          await journal.close()
          await sealAll()
          journal = opened()
          latest = undefined
        }
        const fields = { 'file.path': field, 'file.size': known(index) }
        const event: RecordedEvent =
          isAgain && latest !== undefined
            ? { ...latest, fields }
            : { ...rest, id: String(start + index), at: start + index * 1_000 - late, fields }
        latest = event
        expected.set(event.id, event)
        journal.event(event)
        if (index % 3 === 0) journal.flush()
      }
      await journal.close()
      const inOrder = [...expected.values()].sort(
        (left, right) => left.at - right.at || Number(left.id) - Number(right.id),
      )
      expect(await told()).toEqual({ events: inOrder, isEveryActorTold: true })
      await sealAll()
      expect(await told()).toEqual({ events: inOrder, isEveryActorTold: true })
    }),
    { numRuns: 25 },
  )
}, 120_000)

test('a replay that begins late knows who acts, and ends when it is told to', async () => {
  const journal = opened()
  const event = (number: number): RecordedEvent => ({
    ...{ id: String(start + number), object: 'file', operation: 'write', at: start + number, actor: 'p2' },
    fields: { 'file.size': known(number) },
  })
  for (let number = 0; number < 10; number += 1) journal.event(event(number))
  await journal.close()
  const order: string[] = []
  const answer = await replay({
    ...{ folder: join(folder, 'journal'), from: start + 8, to: start + 8 },
    onProcess: ({ key }) => order.push(key),
    onEvent: ({ id }) => order.push(id),
  })
  expect(order).toEqual(['p0', 'p1', 'p2', String(start + 8)])
  expect(answer).toEqual({ isWhole: true, missing: [] })
  const ended = await replay({
    ...{ folder: join(folder, 'journal'), from: 0, to: start + 8, goesOn: () => false },
    onProcess: () => undefined,
    onEvent: () => undefined,
  })
  expect(ended.isWhole).toBe(false)
})
