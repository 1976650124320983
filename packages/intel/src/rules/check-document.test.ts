import type { Condition, Literal, Term } from '@tocsin/model'
import { expect, test } from 'vitest'
import type { IntelDocument } from '../document.ts'
import { checkDocument } from './check-document.ts'

const term = (property: string, value: Literal, changes: Partial<Term> = {}): Term => ({
  ...{ kind: 'term', object: 'file', property, comparison: 'is', apply: 'any', negate: false },
  operand: { kind: 'values', values: [value] },
  text: { exact: false },
  ...changes,
})
const and = (...parts: Condition[]): Condition => ({ kind: 'and', parts })
const or = (...parts: Condition[]): Condition => ({ kind: 'or', parts })
const not = (part: Condition): Condition => ({ kind: 'not', part })
const oneFile = (part: Condition): Condition => ({ kind: 'same', object: 'file', from: 'either', part })

function codes(condition: Condition, changes: Partial<IntelDocument> = {}): readonly string[] {
  const document: IntelDocument = {
    ...{ kind: 'openioc', typeVersion: '1.0', intrinsicId: 'x', name: 'x', description: null, contents: '' },
    ...{
      platforms: [],
      techniques: [],
      compiled: null,
      origins: new Map(),
      blobs: new Map(),
      subject: 'host',
    },
    condition,
    ...changes,
  }
  return checkDocument(document).map(({ code }) => code)
}

const good = term('file.path', '/tmp/x')

test('an ordinary document has no remarks', () => {
  expect(codes(good)).toEqual([])
  expect(codes(oneFile(and(good, not(term('file.name', 'y')))))).toEqual([])
})

test.each<[string, Condition]>([
  ['a glob of a star', term('file.path', '*', { comparison: 'glob' })],
  ['a pattern that finds itself anywhere', term('file.path', '.*|x', { comparison: 'matches' })],
  ['the network of all addresses', term('network.address', '0.0.0.0/0', { comparison: 'in network' })],
  ['a thing or its opposite', or(good, not(good))],
  ['anything or something', or(good, term('file.path', '%', { comparison: 'like' }))],
])('%s matches everything', (_, condition) => {
  expect(codes(condition)).toContain('CHK002')
})

test('a broad part beside a narrow one does not match everything', () => {
  expect(codes(and(good, term('file.path', '.*', { comparison: 'matches' })))).not.toContain('CHK002')
})

test('an empty part of a text is reported', () => {
  expect(codes(term('file.path', '', { comparison: 'contains' }))).toContain('CHK001')
})

test('a condition that only negates is reported, also where one branch does', () => {
  expect(codes(not(good))).toContain('CHK003')
  expect(codes(or(good, not(good)))).toContain('CHK003')
  expect(codes(term('file.path', 'x', { negate: true }))).toContain('CHK003')
  expect(codes(not(not(good)))).not.toContain('CHK003')
})

test('what nobody records or scans is reported, unless one branch can be read', () => {
  const foreign = term('foreign:openioc/Email/To', 'x')
  expect(codes(foreign)).toContain('CHK004')
  expect(codes(and(good, foreign))).toContain('CHK004')
  expect(codes(or(good, foreign))).not.toContain('CHK004')
  const registry = term('registry.key_path', 'x', { object: 'registry' })
  expect(codes(registry, { platforms: ['linux'] })).toContain('CHK004')
  expect(codes(registry)).not.toContain('CHK004')
})

test('one property of one instance cannot be two things', () => {
  const other = term('file.path', '/tmp/y')
  expect(codes(oneFile(and(good, other)))).toContain('CHK005')
  expect(codes(oneFile(and(good, term('file.path', '/var', { comparison: 'starts with' }))))).toContain(
    'CHK005',
  )
  expect(codes(and(good, not(good)))).toContain('CHK005')
})

test('different instances, several values and values without regard to case are no contradiction', () => {
  expect(codes(and(good, term('file.path', '/tmp/y')))).not.toContain('CHK005')
  expect(codes(oneFile(and(good, term('file.path', '/TMP/X'))))).not.toContain('CHK005')
  const ancestor = (path: string) => term('process.ancestry_path', path, { object: 'process' })
  expect(codes(and(ancestor('a'), ancestor('b')), { subject: 'process' })).not.toContain('CHK005')
})

test('values that the property cannot have are reported', () => {
  expect(codes(term('file.size', 'big'))).toContain('CHK006')
  expect(codes(term('file.md5', 'a'.repeat(40)))).toContain('CHK006')
  expect(codes(term('file.size', 7))).not.toContain('CHK006')
})

test('values that are on every machine are reported, in sets too, and not where they are excluded', () => {
  const empty = term('file.md5', 'D41D8CD98F00B204E9800998ECF8427E')
  expect(codes(empty)).toContain('CHK007')
  expect(codes(and(good, not(empty)))).not.toContain('CHK007')
  expect(codes(term('network.address', '127.0.0.1', { object: 'network' }))).toContain('CHK007')
  expect(codes(term('dns.query', 'LOCALHOST', { object: 'dns' }))).toContain('CHK007')
  const set: Term = { ...empty, operand: { kind: 'set', digest: 'd', count: 2, of: 'md5' } }
  const blob = new TextEncoder().encode(`${'a'.repeat(32)}\nd41d8cd98f00b204e9800998ecf8427e`)
  expect(codes(set, { blobs: new Map([['d', blob]]) })).toContain('CHK007')
})

test('a remark points at where its node was written', () => {
  const span = { from: 3, to: 9, line: 1, column: 4 }
  const document: IntelDocument = {
    ...{ kind: 'openioc', typeVersion: '1.0', intrinsicId: 'x', name: 'x', description: null, contents: '' },
    ...{ platforms: [], techniques: [], compiled: null, blobs: new Map(), subject: 'host' },
    condition: or(good, term('file.size', 'big')),
    origins: new Map([['1', span]]),
  }
  expect(checkDocument(document)).toMatchObject([{ code: 'CHK006', severity: 'warning', span }])
})
