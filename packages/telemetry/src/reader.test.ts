import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TelemetryReader } from './reader.ts'
import { longestRecord } from './split.ts'
import { eventsOf, read, sysmonForms, sysmonValues } from './testdata/steps.ts'

const good = sysmonForms.Winlogbeat?.(11, sysmonValues[11] ?? {}) ?? ''

test.each([
  ['an object that is not closed', '{"a": {"b": 1}', 'the object does not end'],
  ['an object that is not closed within a text', '{"a": "b', 'a line ends within a text'],
  ['an object of another kind', '{"a": 1}', 'nothing tells what this object is'],
  ['broken JSON', '{"a": 1,}', 'not JSON'],
  ['an object closed by the wrong bracket', '{"a": 1]', 'brackets do not match'],
  ['a nest', `{"a":${'['.repeat(100)}`, 'nested deeper than 64'],
  ['other text', 'hello', 'nothing tells what this line is'],
  ['an element that is broken', '<Event><System></Event>', 'not well-formed'],
  ['a document type definition', '<!DOCTYPE a>', 'a document type definition is refused'],
  ['an endless line', 'x'.repeat(longestRecord + 1), 'longer than'],
  ['an endless object', `{"a":"${'x'.repeat(longestRecord + 1)}"}`, 'longer than'],
])('%s costs its own record', (_, text, why) => {
  const all = read(`${good}\n${text}\n${good}\n`)
  expect(all.reader.unread).toEqual([{ line: 2, why: expect.stringContaining(why) }])
  expect(eventsOf(all).map(({ id }) => id)).toEqual(['log:1', 'log:3'])
})

test('the first twenty unread records are told, the rest is counted', () => {
  const { reader } = read('x\n'.repeat(50))
  expect(reader.unread).toHaveLength(20)
  expect(reader.unread.at(-1)?.line).toBe(20)
  expect(reader.unreadCount).toBe(50)
})

test('an entity that is not declared is refused, not expanded', () => {
  const { reader } = read('<Event><System><EventID>&a;</EventID></System></Event>')
  expect(reader.unread[0]?.why).toContain('entity')
})

const own = [
  {
    key: 'p1',
    parent: null,
    fields: { 'process.path': { values: ['/bin/sh'], whole: true } },
    startedAt: 5,
    endedAt: null,
  },
  {
    id: '9',
    object: 'file',
    operation: 'create',
    at: 7,
    actor: 'p1',
    fields: { 'file.path': { values: ['/x'], whole: true } },
  },
]

test('our own events and processes are read as they are', () => {
  const { steps } = read(own.map((each) => JSON.stringify(each)).join('\n'))
  expect(steps).toEqual([
    { kind: 'start', process: { facts: own[0], parent: null, isComplete: false }, platform: undefined },
    {
      kind: 'event',
      event: own[1],
      actor: { facts: own[0], parent: null, isComplete: false },
      platform: undefined,
    },
  ])
})

test('an event of ours with a broken field is refused', () => {
  const broken = { ...own[1], fields: { 'file.path': { values: [['x']], whole: true } } }
  expect(read(JSON.stringify(broken)).reader.unreadCount).toBe(1)
})

test('whatever the bytes are, nothing is thrown, and pieces of any size say the same', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      '\\',
      '\n',
      ',',
      '<Event>',
      '</Event>',
      '<',
      '>',
      '<!--',
      'type=SYSCALL msg=audit(1.000:1): ',
    ),
    fc.constantFrom(good, sysmonForms.XML?.(1, sysmonValues[1] ?? {}) ?? ''),
    fc.string({ unit: 'binary' }),
    fc.json(),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), fc.integer({ min: 1, max: 50 }), (pieces, size) => {
      const bytes = new TextEncoder().encode(`    ${pieces.join('')}`)
      const whole = read(bytes)
      const parts = read(bytes, size)
      expect(parts.reader.unreadCount).toBe(whole.reader.unreadCount)
      expect(parts.steps).toEqual(whole.steps)
    }),
    { numRuns: 60 },
  )
})

test('random bytes are no exception either', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      const reader = new TelemetryReader('log')
      reader.push(bytes)
      reader.end()
    }),
  )
})
