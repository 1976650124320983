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
  for (const property of ['process.handle', 'user.group', 'host.address', 'foreign:openioc/Handle/Name']) {
    expect(codes(oneFile(and(term(property, '10.0.0.1'), term(property, '10.0.0.2'))))).not.toContain(
      'CHK005',
    )
  }
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

test.each<[string, Condition]>([
  ['a property that need only be there', term('file.path', true, { comparison: 'exists' })],
  ['a size of at least nothing', term('file.size', 0, { comparison: 'at least' })],
])('%s matches everything', (_, condition) => {
  expect(codes(condition)).toContain('CHK002')
})

test('bounds that no number keeps are a contradiction, as are bounds the wrong way round', () => {
  const size = (comparison: Term['comparison'], ...values: readonly number[]) =>
    term('file.size', values[0] ?? 0, { comparison, operand: { kind: 'values', values } })
  expect(codes(oneFile(and(size('greater', 5), size('less', 3))))).toContain('CHK005')
  expect(codes(oneFile(and(size('greater', 5), size('less', 6))))).toContain('CHK005')
  expect(codes(oneFile(and(size('is', 7), size('between', 1, 5))))).toContain('CHK005')
  expect(codes(oneFile(and(size('greater', 5), size('at most', 6))))).not.toContain('CHK005')
  expect(codes(and(size('greater', 5), size('less', 3)))).not.toContain('CHK005')
  expect(codes(size('between', 9, 5))).toContain('CHK005')
  expect(codes(size('between', 5, 9))).not.toContain('CHK005')
})

test('an address outside the network that it must be in is a contradiction', () => {
  const remote = (value: string, comparison: Term['comparison']) =>
    term('network.remote_address', value, { object: 'network', comparison })
  const oneEvent = (part: Condition): Condition => ({ kind: 'same', object: 'network', from: 'event', part })
  const address = remote('203.0.113.7', 'is')
  expect(codes(oneEvent(and(address, remote('198.51.100.0/24', 'in network'))))).toContain('CHK005')
  expect(codes(oneEvent(and(address, remote('203.0.113.0/24', 'in network'))))).not.toContain('CHK005')
})

test.each<[string, Term]>([
  ['a private address', term('network.remote_address', '192.168.1.7', { object: 'network' })],
  ['an address of the local link', term('network.remote_address', 'fe80::1', { object: 'network' })],
  ['a public resolver', term('network.remote_address', '8.8.8.8', { object: 'network' })],
  ['a name that everybody asks for', term('dns.query', 'WWW.google.com.', { object: 'dns' })],
  ['the name of a system program', term('process.name', 'svchost.exe', { object: 'process' })],
  ['a system program where it belongs', term('file.path', '/usr/bin/bash')],
])('%s is known to be good if nothing else is asked for', (_, ordinary) => {
  expect(codes(ordinary)).toContain('CHK007')
  expect(codes(or(ordinary, good))).toContain('CHK007')
  expect(codes(and(ordinary, good))).not.toContain('CHK007')
  expect(codes(not(ordinary))).not.toContain('CHK007')
})

test('a system name in a foreign folder, and a private network, may well be meant', () => {
  expect(codes(term('file.path', '/tmp/bash'))).not.toContain('CHK007')
  const network = term('network.address', '10.0.0.0/8', { object: 'network', comparison: 'in network' })
  expect(codes(network)).not.toContain('CHK007')
})

test('what is evaluated on every file event is told', () => {
  expect(codes(term('file.path', '[0-9]+', { comparison: 'matches' }))).toContain('CHK010')
  expect(codes(oneFile(and(good, term('file.path', '[0-9]+', { comparison: 'matches' }))))).not.toContain(
    'CHK010',
  )
})
