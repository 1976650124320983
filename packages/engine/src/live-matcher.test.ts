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
import { evaluate } from './evaluate/evaluate.ts'
import { findingOf } from './finding.ts'
import { entryOf, eventInstance, type ProcessView } from './instances.ts'
import { toolsOf } from './live-leaves.ts'
import { LiveMatcher } from './live-matcher.ts'
import type { Match } from './match.ts'
import { and, fields, loaded, not, or, processes, same, term } from './samples.ts'
import { verifyFinding } from './verify.ts'

const minute = 60_000_000

function matcherOf(
  condition: Condition,
  subject: 'process' | 'instance' | 'host' = 'process',
  mostSubjects = 100,
) {
  const evictions: string[] = []
  const matcher = new LiveMatcher([loaded(condition, subject)], {
    mostSubjects,
    onEvicted: (program) => evictions.push(program),
  })
  return { matcher, evictions }
}

function fileEvent(
  id: string,
  name: string | Field,
  at = 2_000,
  more: Parameters<typeof fields>[0] = {},
): RecordedEvent {
  const all = fields({ 'file.name': name, ...more })
  return { id, object: 'file', operation: 'create', at, actor: 'boot:100:1', fields: all }
}

const shell = processes([
  { 'process.path': '/bin/sh' },
  { 'process.path': '/usr/sbin/nginx' },
  { 'process.path': '/sbin/init' },
])
const isShell = term('process.path', 'is', '/bin/sh')
const drops = same('file', term('file.name', 'ends with', '.so'), 'event')
const reads = same('file', term('file.name', 'is', 'shadow'), 'event')
const within10 = (part: Condition): Condition => ({ kind: 'within', micros: 10 * minute, part })

test('a program about the process alone matches when the process begins, once', () => {
  const { matcher } = matcherOf(within10(isShell))
  const [match] = matcher.start(shell)
  expect(match).toMatchObject({ subject: 'boot:100:1@1000', actor: 'boot:100:1', firstAt: 1_000 })
  expect(matcher.start(shell)).toEqual([])
  expect(matcher.complete(shell)).toEqual([])
})

test('events of one image are joined within the window, in any order', () => {
  const { matcher } = matcherOf(within10(and(isShell, drops, reads)))
  expect(matcher.start(shell)).toEqual([])
  expect(matcher.observe(fileEvent('1', 'a.so', 20 * minute), shell)).toEqual([])
  expect(matcher.observe(fileEvent('2', 'shadow', 1 * minute), shell)).toEqual([])
  const [match] = matcher.observe(fileEvent('3', 'shadow', 12 * minute), shell)
  expect(match?.explanation.witnesses.map(({ instance }) => instance)).toEqual(['boot:100:1@1000', '1', '3'])
  expect([match?.firstAt, match?.lastAt]).toEqual([12 * minute, 20 * minute])
})

test('a later hit on the same image is only to be counted', () => {
  const { matcher } = matcherOf(within10(drops))
  expect(matcher.observe(fileEvent('1', 'a.so'), shell)[0]?.again).toBeUndefined()
  expect(matcher.observe(fileEvent('2', 'b.so'), shell)[0]?.again).toBe(true)
})

test('a second exec starts anew', () => {
  const { matcher } = matcherOf(within10(and(drops, reads)))
  const next = { ...shell, facts: { ...shell.facts, startedAt: 3_000 } }
  expect(matcher.observe(fileEvent('1', 'a.so'), shell)).toEqual([])
  expect(matcher.observe(fileEvent('2', 'shadow', 4_000), next)).toEqual([])
  expect(matcher.observe(fileEvent('3', 'b.so', 5_000), next)[0]?.subject).toBe('boot:100:1@3000')
})

test('ancestors are read from the parent upwards, and none is sure to lack a value while the chain is broken', () => {
  const above = term('process.ancestry_path', 'is', '/usr/sbin/nginx')
  expect(matcherOf(above).matcher.start(shell)).toHaveLength(1)
  expect(matcherOf(term('process.ancestry_path', 'is', '/bin/sh')).matcher.start(shell)).toEqual([])
  expect(matcherOf(term('process.parent_path', 'is', '/sbin/init')).matcher.start(shell)).toEqual([])
  const nobody = not(term('process.ancestry_path', 'is', '/usr/bin/sshd'))
  const broken = processes([{ 'process.path': '/bin/sh' }, { 'process.path': '/usr/sbin/nginx' }], false)
  expect(matcherOf(nobody).matcher.start(shell)).toHaveLength(1)
  expect(matcherOf(nobody).matcher.start(broken)).toEqual([])
})

test('facts that come late are matched when they come', () => {
  const hashed = and(isShell, term('process.sha256', 'is', 'a'.repeat(64)))
  const { matcher } = matcherOf(hashed)
  expect(matcher.start(shell)).toEqual([])
  const facts = {
    ...shell.facts,
    fields: fields({ 'process.path': '/bin/sh', 'process.sha256': 'a'.repeat(64) }),
  }
  expect(matcher.complete({ ...shell, facts })).toHaveLength(1)
  const file = matcherOf(same('file', term('file.sha256', 'is', 'b'), 'event')).matcher
  expect(file.observe(fileEvent('1', 'x'), shell)).toEqual([])
  expect(file.observe(fileEvent('1', 'x', 2_000, { 'file.sha256': 'b' }), shell)).toHaveLength(1)
})

test('what may have met a program and never surely did is counted when the image is let go', () => {
  const { matcher } = matcherOf(and(isShell, same('file', term('file.sha256', 'is', 'b'), 'event')))
  matcher.observe(fileEvent('1', 'x'), shell)
  matcher.end('boot:100:1', 3_000)
  expect([...matcher.inconclusive.values()]).toEqual([])
  matcher.sweep(3_000 + 2 * minute)
  expect([...matcher.inconclusive.values()]).toEqual([1])
})

test('the image that was silent longest goes first, and that is told', () => {
  const { matcher, evictions } = matcherOf(and(drops, reads), 'process', 2)
  const views = ['a', 'b', 'c'].map((key): ProcessView => ({ ...shell, facts: { ...shell.facts, key } }))
  for (const [number, view] of views.entries()) {
    matcher.observe({ ...fileEvent(`1${number}`, 'a.so'), actor: view.facts.key }, view)
    const first = views[0]
    if (first !== undefined) matcher.observe({ ...fileEvent(`2${number}`, 'other'), actor: 'a' }, first)
  }
  expect(evictions).toHaveLength(1)
  const [a, b, c] = views.map((view) => () => {
    const event = { ...fileEvent('9', 'shadow'), actor: view.facts.key }
    return matcher.observe(event, view).length
  })
  expect([a?.(), c?.(), b?.()]).toEqual([1, 1, 0])
})

test('each event stands alone where a program is about instances', () => {
  const { matcher } = matcherOf(or(term('file.name', 'is', 'x'), term('dns.query', 'is', 'y')), 'instance')
  expect(matcher.observe(fileEvent('1', 'x'), undefined)).toHaveLength(1)
  expect(matcher.observe(fileEvent('2', 'z'), undefined)).toEqual([])
  const denied = matcherOf(same('file', not(term('file.name', 'is', 'x'))), 'instance').matcher
  expect(denied.observe(fileEvent('1', 'z'), undefined)).toHaveLength(1)
  expect(denied.observe(fileEvent('2', 'x'), undefined)).toEqual([])
  const outside = matcherOf(
    and(term('file.name', 'is', 'z'), not(term('file.name', 'is', 'x'))),
    'instance',
  ).matcher
  expect(outside.observe(fileEvent('3', 'z'), undefined)).toHaveLength(1)
})

test('events of the host are joined for a day, and events cannot deny what lies there', () => {
  const { matcher } = matcherOf(and(term('file.name', 'is', 'x'), term('dns.query', 'is', 'y')), 'host')
  const query: RecordedEvent = { ...fileEvent('2', ''), object: 'dns', fields: fields({ 'dns.query': 'y' }) }
  expect(matcher.observe(fileEvent('1', 'x'), undefined)).toEqual([])
  expect(matcher.observe(query, undefined)[0]?.subject).toBe('1&2')
  matcher.sweep(90_000_000_000)
  expect(matcher.observe({ ...query, id: '3', at: 90_000_000_000 }, undefined)).toEqual([])
  const denied = matcherOf(
    and(term('file.name', 'is', 'x'), not(term('file.name', 'is', 'y'))),
    'host',
  ).matcher
  expect(denied.observe(fileEvent('1', 'x'), undefined)).toEqual([])
})

test('a program does not count what happened outside its time', () => {
  const one = loaded(drops)
  const program = { ...one, program: { ...one.program, valid: { from: 1_500, until: 2_000 } } }
  const matcher = new LiveMatcher([program], { mostSubjects: 10, onEvicted: () => undefined })
  expect(matcher.observe(fileEvent('1', 'a.so', 2_000), shell)).toEqual([])
  expect(matcher.observe(fileEvent('2', 'a.so', 1_499), shell)).toEqual([])
  expect(matcher.observe(fileEvent('3', 'a.so', 1_500), shell)).toHaveLength(1)
})

const field = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('a', 'b', 'c').map(known) },
  fc.constantFrom<Field>(
    absentField,
    unknownField,
    { values: ['a'], whole: false },
    { values: [{ cut: 'a' }], whole: true },
  ),
)
const letter = fc.constantFrom('a', 'b')
const comparison = fc.constantFrom('is' as const, 'contains' as const)
const processTerm = fc
  .record({
    name: fc.constantFrom('path', 'parent_path', 'ancestry_path'),
    comparison,
    letter,
    negate: fc.boolean(),
  })
  .map(({ name, comparison: word, letter: value, negate }): Condition => {
    const plain = term(`process.${name}`, word, value)
    return negate ? not(plain) : plain
  })
const eventTerm = fc
  .record({ name: fc.constantFrom('name', 'path'), comparison, letter, negate: fc.boolean() })
  .map(({ name, comparison: word, letter: value, negate }): Condition => {
    const plain = term(`file.${name}`, word, value)
    return negate ? not(plain) : plain
  })
const group = fc
  .record({
    kind: fc.constantFrom('and' as const, 'or' as const),
    parts: fc.array(fc.oneof(eventTerm, processTerm), { minLength: 1, maxLength: 3 }),
  })
  .map((part): Condition => same('file', part, 'event'))
const { tree } = fc.letrec<{ tree: Condition }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 2 },
    processTerm,
    eventTerm.map((part) => same('file', part, 'event')),
    group,
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      parts: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
    }),
  ),
}))
const signal = fc
  .record({ micros: fc.nat(5), part: tree })
  .map((each): Condition => ({ kind: 'within', ...each }))
const happenings = fc
  .array(fc.record({ at: fc.nat(10), name: field, path: field, isLate: fc.boolean() }), { maxLength: 7 })
  .map((all) =>
    all.map(({ at, name, path, isLate }, number) => ({
      isLate,
      event: { ...fileEvent(`e${number}`, name, at), fields: { 'file.name': name, 'file.path': path } },
    })),
  )
const lineage = fc
  .record({ own: field, parent: field, above: field, isComplete: fc.boolean() })
  .map(({ own, parent, above, isComplete }) =>
    processes([{ 'process.path': own }, { 'process.path': parent }, { 'process.path': above }], isComplete),
  )

/** Late ones come first without what is known of them, and are completed after all others. */
function play(
  condition: Condition,
  view: ProcessView,
  all: readonly { readonly event: RecordedEvent; readonly isLate: boolean }[],
) {
  const { matcher } = matcherOf(condition)
  const matches: Match[] = [...matcher.start(view)]
  for (const { event, isLate } of all)
    matches.push(...matcher.observe(isLate ? { ...event, fields: {} } : event, view))
  for (const { event, isLate } of all) if (isLate) matches.push(...matcher.observe(event, view))
  return matches
}

test('what is matched as it happens is what the interpreter says of all that happened, in whatever order', () => {
  fc.assert(
    fc.property(signal, lineage, happenings, fc.func(fc.integer()), (condition, view, all, order) => {
      const one = loaded(condition)
      const verdict = evaluate(condition, {
        instances: all.map(({ event }) => eventInstance(event, view)),
        entry: entryOf(view),
        tools: toolsOf(one),
        mayBeUnseen: () => false,
      })
      const shuffled = [...all].sort((left, right) => order(left.event.id) - order(right.event.id))
      expect(play(condition, view, shuffled).length > 0).toBe(verdict === 'match')
    }),
    { numRuns: 2_000 },
  )
})

test('every match can be shown to be right, and to be wrong once a witness is changed', () => {
  let shown = 0
  fc.assert(
    fc.property(signal, lineage, happenings, (condition, view, all) => {
      for (const match of play(condition, view, all)) {
        const finding = findingOf(match, { deployment: 1, mode: 'live', chain: [], blind: [] })
        const { program } = match.loaded
        expect(verifyFinding(program, finding, () => undefined)).toEqual({ verdict: 'match' })
        for (const [number, witness] of finding.explanation.witnesses.entries()) {
          if (witness.seen === undefined) continue
          const witnesses = finding.explanation.witnesses.with(number, { ...witness, seen: 'another' })
          const forged = { ...finding, explanation: { ...finding.explanation, witnesses } }
          expect(verifyFinding(program, forged, () => undefined).verdict).toBe('no-match')
          shown += 1
        }
      }
    }),
    { numRuns: 500 },
  )
  expect(shown).toBeGreaterThan(100)
})
