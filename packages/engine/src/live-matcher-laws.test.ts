import {
  absentField,
  type Condition,
  type Field,
  known,
  type RecordedEvent,
  unknownField,
} from '@tocsin/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { evaluate, type Scope } from './evaluate/evaluate.ts'
import { eventInstance } from './instances.ts'
import { toolsOf } from './live-leaves.ts'
import { LiveMatcher } from './live-matcher.ts'
import type { LoadedProgram } from './load.ts'
import { and, loaded, not, or, processes, same, term } from './samples.ts'

const options = { mostSubjects: 100, onEvicted: () => undefined }
const shell = processes([{ 'process.path': '/bin/sh' }, { 'process.path': '/sbin/init' }])

const field = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('a', 'B', 'abab', 'babab').map((text): Field => known(text)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Field>(absentField, unknownField, { values: [{ cut: 'ab' }], whole: true }),
  },
)
const events = fc
  .array(
    fc.record({
      object: fc.constantFrom('file' as const, 'dns' as const),
      at: fc.nat(10),
      one: field,
      other: field,
    }),
    { maxLength: 6 },
  )
  .map((all) =>
    all.map(({ object, at, one, other }, number): RecordedEvent => {
      const fields =
        object === 'file'
          ? { 'file.name': one, 'file.path': other }
          : { 'dns.query': one, 'dns.response': other }
      return {
        id: `e${number}`,
        object,
        operation: 'create',
        at: 10 * at + number,
        actor: shell.facts.key,
        fields,
      }
    }),
  )
const anyTerm = fc
  .record({
    property: fc.constantFrom('file.name', 'file.path', 'dns.query', 'dns.response'),
    comparison: fc.constantFrom(
      'is' as const,
      'contains' as const,
      'starts with' as const,
      'ends with' as const,
    ),
    values: fc.array(fc.constantFrom('a', 'b', 'abab', 'bab', 'baba'), { minLength: 1, maxLength: 2 }),
    negate: fc.boolean(),
  })
  .map(({ property, comparison, values, negate }) => term(property, comparison, values, { negate }))
const fileTerm = anyTerm.filter(({ object }) => object === 'file')
const group = fc
  .record({
    parts: fc.array(fileTerm, { minLength: 1, maxLength: 3 }),
    any: fc.boolean(),
    denied: fc.boolean(),
  })
  .map(({ parts, any, denied }) => {
    const [first = term('file.name'), ...rest] = parts
    const last = denied ? not(first) : first
    return same('file', any ? or(last, ...rest) : and(last, ...rest), 'event')
  })
const trees = (leaf: fc.Arbitrary<Condition>, denies: boolean) =>
  fc.letrec<{ tree: Condition }>((tie) => {
    const parts = fc.array(tie('tree'), { minLength: 1, maxLength: 3 })
    const joined = fc.record({ kind: fc.constantFrom('and' as const, 'or' as const), parts })
    const denied = tie('tree').map((part) => not(part))
    return {
      tree: denies
        ? fc.oneof({ maxDepth: 2 }, leaf, joined, denied)
        : fc.oneof({ maxDepth: 2 }, leaf, joined),
    }
  }).tree

/** Each event is played twice, first without what is known of it where it is late. */
function matchesOf(
  programs: readonly LoadedProgram[],
  all: readonly RecordedEvent[],
  late: readonly boolean[],
) {
  const matcher = new LiveMatcher(programs, options)
  const first = all.flatMap((event, number) =>
    matcher.observe(late[number] ? { ...event, fields: {} } : event, shell),
  )
  const second = all.flatMap((event, number) => (late[number] ? matcher.observe(event, shell) : []))
  return [...first, ...second]
}

function scopeOf(program: LoadedProgram, all: readonly RecordedEvent[]): Scope {
  return {
    instances: all.map((event) => eventInstance(event, shell)),
    tools: toolsOf(program),
    mayBeUnseen: (leaf) =>
      program.program.subject === 'host' && !(leaf.kind === 'same' && leaf.from === 'event'),
  }
}

const lates = fc.array(fc.boolean(), { minLength: 6, maxLength: 6 })

test('of the host all events are joined as the interpreter joins them', () => {
  let met = 0
  fc.assert(
    fc.property(trees(fc.oneof(anyTerm, group), false), events, lates, (condition, all, late) => {
      const program = loaded(condition, 'host')
      const isMatch = evaluate(condition, scopeOf(program, all)) === 'match'
      if (isMatch) met += 1
      expect(matchesOf([program], all, late).length > 0).toBe(isMatch)
    }),
    { numRuns: 2_000 },
  )
  expect(met).toBeGreaterThan(200)
})

test('an event that stands alone is judged as the interpreter judges it alone', () => {
  fc.assert(
    fc.property(trees(fc.oneof(anyTerm, group), true), events, lates, (condition, all, late) => {
      const program = loaded(condition, 'instance')
      const objects = new Set(program.leaves.flatMap((placed) => placed.objects))
      const met = all.filter(
        (event) => objects.has(event.object) && evaluate(condition, scopeOf(program, [event])) === 'match',
      )
      const seen = matchesOf([program], all, late).map(({ firstAt }) => firstAt)
      expect([...new Set(seen)].sort()).toEqual(met.map(({ at }) => at).sort())
      if (!late.includes(true)) expect(seen).toHaveLength(met.length)
    }),
    { numRuns: 2_000 },
  )
})

test('programs beside each other match as each does alone', () => {
  const some = fc.array(
    fc.record({
      condition: trees(fc.oneof(anyTerm, group), true),
      subject: fc.constantFrom('process' as const, 'host' as const, 'instance' as const),
    }),
    { minLength: 2, maxLength: 6 },
  )
  fc.assert(
    fc.property(some, events, lates, (conditions, all, late) => {
      const programs = conditions.map(({ condition, subject }) => loaded(condition, subject))
      const distinct = [...new Map(programs.map((each) => [each.digest, each])).values()]
      const together = matchesOf(distinct, all, late).map(({ program, subject }) => `${program} ${subject}`)
      const apart = distinct.flatMap((one) =>
        matchesOf([one], all, late).map(({ program, subject }) => `${program} ${subject}`),
      )
      expect([...together].sort()).toEqual([...apart].sort())
    }),
    { numRuns: 500 },
  )
})

test('a program about the process alone counts as inconclusive where the process could not be read', () => {
  const matcher = new LiveMatcher(
    [loaded(term('process.sha256', 'is', 'a')), loaded(term('process.path', 'is', '/x'))],
    options,
  )
  matcher.start(shell)
  matcher.end(shell.facts.key, 2_000)
  matcher.sweep(120_000_000)
  expect([...matcher.inconclusive]).toEqual([[loaded(term('process.sha256', 'is', 'a')).digest, 1]])
})

function fileEvent(id: string, name: string): RecordedEvent {
  const fields = { 'file.name': known(name) }
  return { id, object: 'file', operation: 'create', at: 2_000, actor: shell.facts.key, fields }
}
const isFile = (name: string) => same('file', term('file.name', 'is', name), 'event')

test('an event that is told again counts as it was told last', () => {
  for (const subject of ['process', 'host'] as const) {
    const matcher = new LiveMatcher([loaded(and(isFile('a'), isFile('b')), subject)], options)
    matcher.observe(fileEvent('1', 'a'), shell)
    matcher.observe(fileEvent('1', 'other'), shell)
    expect(matcher.observe(fileEvent('2', 'b'), shell)).toEqual([])
    expect(matcher.observe(fileEvent('3', 'a'), shell)).toHaveLength(1)
  }
})

test('what an image has not done is noticed by an event that meets nothing', () => {
  const matcher = new LiveMatcher([loaded(not(isFile('a')))], options)
  expect(matcher.observe(fileEvent('1', 'b'), shell)).toHaveLength(1)
  const other = new LiveMatcher([loaded(not(isFile('a')))], options)
  expect(other.observe(fileEvent('1', 'a'), shell)).toEqual([])
})
