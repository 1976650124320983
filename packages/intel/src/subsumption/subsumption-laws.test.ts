import { evaluate, type Scope, stateInstance } from '@tocsin/engine'
import {
  absentField,
  type Condition,
  type Field,
  type Fields,
  known,
  type Term,
  unknownField,
} from '@tocsin/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { exampleOf } from './example.ts'
import { relate } from './relate.ts'
import { RelatedIndex } from './related-index.ts'
import { and, comparable, not, or, same, term } from './samples.ts'

const names = ['a', 'B', 'ab', 'aba', 'a.b', 'b.ab']
const addresses = ['10.0.0.1', '10.0.1.1', '10.0.0.0/24', '10.0.0.0/8', '::1']
const texts: readonly Term['comparison'][] = [
  'is',
  'contains',
  'starts with',
  'ends with',
  'glob',
  'like',
  'matches',
]
const orders: readonly Term['comparison'][] = ['is', 'greater', 'less', 'at least', 'at most']
const style = fc.record({
  negate: fc.boolean(),
  exact: fc.boolean(),
  apply: fc.constantFrom('any' as const, 'all' as const, 'none' as const),
})
const someOf = <Value>(...values: readonly Value[]) =>
  fc.array(fc.constantFrom(...values), { minLength: 1, maxLength: 2 })

const anyTerm: fc.Arbitrary<Condition> = fc
  .oneof(
    fc.tuple(
      fc.constantFrom('file.name', 'file.extension', 'dns.query'),
      fc.constantFrom(...texts),
      someOf(...names, '*a*', 'a%', '?b'),
      style,
    ),
    fc.tuple(
      fc.constantFrom('file.path', 'file.directory'),
      fc.constantFrom(...texts),
      someOf('/x/a', '/x/a.b', '/x', '/a', '/x/*', 'A'),
      style,
    ),
    fc.tuple(fc.constantFrom('file.size'), fc.constantFrom(...orders), someOf(1, 2, 3), style),
    fc.tuple(
      fc.constantFrom('network.remote_address', 'network.address'),
      fc.constantFrom<Term['comparison']>('is', 'in network'),
      someOf(...addresses),
      style,
    ),
    fc.tuple(
      fc.constantFrom('dns.query'),
      fc.constantFrom<Term['comparison']>('is', 'in domain', 'ends with'),
      someOf('a', 'b.a', '.a', 'c.b.a'),
      style,
    ),
  )
  .map(([property, comparison, values, { negate, exact, apply }]) =>
    term(property, comparison, comparison === 'matches' ? values.map(patternOf) : values, {
      negate: negate && apply === 'any',
      apply,
      text: { exact },
    }),
  )

/** What begins with a wildcard is no pattern. */
function patternOf(value: string | number): string | number {
  return typeof value === 'string' ? value.replace(/^[*?]/, '.*') : value
}

const { condition } = fc.letrec<{ condition: Condition; inner: Condition }>((tie) => ({
  inner: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    anyTerm,
    fc.array(tie('inner'), { minLength: 1, maxLength: 3 }).map((parts) => and(...parts)),
    fc.array(tie('inner'), { minLength: 1, maxLength: 3 }).map((parts) => or(...parts)),
    tie('inner').map(not),
  ),
  condition: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    anyTerm,
    fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((parts) => and(...parts)),
    fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((parts) => or(...parts)),
    tie('condition').map(not),
    tie('inner').map((part) => same('file', part)),
    tie('condition').map((part): Condition => ({ kind: 'within', micros: 5, part })),
  ),
}))

/** Something that is near to a condition: parts left out, put beside, denied, or with other words. */
function neighbour(of: Condition, other: Condition, way: number): Condition {
  switch (way % 8) {
    case 0:
      return and(of, other)
    case 1:
      return or(other, of)
    case 2:
      return of.kind === 'and' || of.kind === 'or' ? (of.parts[0] ?? of) : not(not(of))
    case 3:
      return of.kind === 'within' ? of.part : { kind: 'within', micros: 9, part: of }
    case 4:
      return of.kind === 'term' ? { ...of, comparison: 'contains', text: { exact: false } } : of
    case 5:
      return of.kind === 'and' || of.kind === 'or'
        ? { ...of, parts: of.parts.map((part, at) => neighbour(part, other, Math.floor(way / 8) + at)) }
        : or(of, other)
    case 6:
      return of.kind === 'same' ? { ...of, part: neighbour(of.part, other, Math.floor(way / 8)) } : of
    default:
      return of.kind === 'not' ? not(neighbour(of.part, other, Math.floor(way / 8))) : of
  }
}

const field = (...values: readonly string[]) =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...values).map((value): Field => known(value)) },
    {
      weight: 1,
      arbitrary: fc.constantFrom<Field>(absentField, unknownField, { values: [{ cut: 'a' }], whole: true }),
    },
  )

/** Files whose path, name, folder and extension say the same, as recorder and scanner make them. */
const file = fc
  .tuple(
    fc.constantFrom('/x', '/x/a', '/y'),
    fc.constantFrom(...names),
    fc.constantFrom(1, 2, 3),
    fc.boolean(),
  )
  .map(
    ([folder, name, size, isKnown]): Fields => ({
      'file.path': isKnown ? known(`${folder}/${name}`) : unknownField,
      'file.name': isKnown ? known(name) : unknownField,
      'file.directory': isKnown ? known(folder) : unknownField,
      'file.extension': isKnown
        ? known(name.includes('.') ? name.slice(name.lastIndexOf('.') + 1) : '')
        : unknownField,
      'file.size': known(size),
    }),
  )
const dns = field('a', 'B.a', 'c.b.a', 'ab', 'a.b').map((query): Fields => ({ 'dns.query': query }))
const network = fc
  .tuple(field(...addresses.slice(0, 2), '::1'), field('10.0.0.1', '192.168.0.1'))
  .map(([remote, local]): Fields => ({ 'network.remote_address': remote, 'network.local_address': local }))
const world = fc
  .tuple(
    fc.array(
      fc.oneof(
        file.map((fields) => ({ object: 'file' as const, fields })),
        dns.map((fields) => ({ object: 'dns' as const, fields })),
        network.map((fields) => ({ object: 'network' as const, fields })),
      ),
      { maxLength: 4 },
    ),
    fc.boolean(),
  )
  .map(
    ([all, isComplete]): Scope => ({
      instances: all.map(({ object, fields }, at) => stateInstance(object, `i${at}`, at * 3, fields)),
      tools: { sets: new Map(), content: () => ({ verdict: 'no-match', offsets: [] }) },
      mayBeUnseen: () => !isComplete,
    }),
  )

test('whatever a narrower document matches, the wider one matches too', () => {
  let claims = 0
  fc.assert(
    fc.property(
      condition,
      condition,
      fc.nat(4_000),
      fc.boolean(),
      fc.array(world, { minLength: 12, maxLength: 12 }),
      (one, random, way, isNear, worlds) => {
        const other = isNear ? neighbour(one, random, way) : random
        const relation = relate(comparable(one), comparable(other))
        if (relation === 'unrelated') return
        claims += 1
        for (const scope of worlds) {
          const [left, right] = [evaluate(one, scope), evaluate(other, scope)]
          if (relation !== 'wider' && left === 'match') expect(right).toBe('match')
          if (relation !== 'narrower' && right === 'match') expect(left).toBe('match')
        }
      },
    ),
    { numRuns: 3_000 },
  )
  expect(claims).toBeGreaterThan(500)
})

test('an example of a document is matched by it, and by every wider one', () => {
  let examples = 0
  fc.assert(
    fc.property(condition, condition, fc.nat(4_000), (one, random, way) => {
      const example = exampleOf(comparable(one))
      if (example === undefined) return
      examples += 1
      const scope: Scope = {
        instances: example.instances.map(({ object, fields }, at) =>
          stateInstance(object, `i${at}`, at, fields),
        ),
        tools: { sets: new Map(), content: () => ({ verdict: 'no-match', offsets: [] }) },
        mayBeUnseen: () => true,
      }
      expect(evaluate(one, scope)).toBe('match')
      const other = neighbour(one, random, way)
      const relation = relate(comparable(one), comparable(other))
      if (relation === 'narrower' || relation === 'equal') expect(evaluate(other, scope)).toBe('match')
    }),
    { numRuns: 2_000 },
  )
  expect(examples).toBeGreaterThan(300)
})

test('the index finds what comparing with each one finds, for what long texts tell', () => {
  const literal = fc.constantFrom(
    '/tmp/dropper',
    'dropper',
    '/tmp/drop',
    'xmrig --url',
    'xmrig',
    '/usr/bin/xmrig',
  )
  const long = fc
    .tuple(
      fc.constantFrom('file.path', 'file.name'),
      fc.constantFrom<Term['comparison']>('is', 'contains', 'starts with', 'ends with'),
      literal,
    )
    .map(([property, comparison, text]) => term(property, comparison, text))
  const document = fc.oneof(
    long,
    fc.tuple(long, long).map((parts) => and(...parts)),
    fc.tuple(long, long).map((parts) => or(...parts)),
  )
  fc.assert(
    fc.property(document, fc.array(document, { maxLength: 12 }), (asked, all) => {
      const index = new RelatedIndex<number>()
      for (const [id, each] of all.entries()) index.add(id, comparable(each))
      const found = index.relatedTo(comparable(asked)).map(({ id, relation }) => `${id} ${relation}`)
      const expected = all.flatMap((each, id) => {
        const relation = relate(comparable(asked), comparable(each))
        return relation === 'unrelated' ? [] : [`${id} ${relation}`]
      })
      expect(found.sort()).toEqual(expected.sort())
    }),
  )
})

test('a document that was removed is found no more, and one that was replaced is found as it is now', () => {
  const index = new RelatedIndex<string>()
  const path = (text: string) => comparable(term('file.path', 'contains', text))
  index.add('one', path('abcdef'))
  index.add('one', path('uvwxyz'))
  expect(index.relatedTo(path('abcdefgh'))).toEqual([])
  expect(index.relatedTo(path('uvwxyz!'))).toEqual([{ id: 'one', relation: 'narrower' }])
  expect(index.relatedTo(path('uvwxyz'), 'one')).toEqual([])
  index.remove('one')
  expect(index.relatedTo(path('uvwxyz!'))).toEqual([])
})
