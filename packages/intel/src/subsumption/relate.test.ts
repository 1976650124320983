import type { Condition, Platform, Term } from '@tocsin/model'
import { describe, expect, test } from 'vitest'
import type { Comparable } from './comparable.ts'
import { relate } from './relate.ts'
import { and, comparable, not, or, same, term } from './samples.ts'

const of = (one: Condition, other: Condition, subject: Comparable['subject'] = 'host') =>
  relate(comparable(one, subject), comparable(other, subject))

describe('one term', () => {
  test.each<[string, Term, Term]>([
    ['a text and a part of it', term('file.path', 'is', '/tmp/x'), term('file.path', 'contains', 'TMP')],
    [
      'a long part and a short one',
      term('file.path', 'contains', 'abcd'),
      term('file.path', 'contains', 'bc'),
    ],
    ['a text and its start', term('file.path', 'is', '/tmp/x'), term('file.path', 'starts with', '/tmp')],
    ['a start and a part', term('file.path', 'starts with', '/tmp'), term('file.path', 'contains', 'tm')],
    [
      'an end and a shorter one',
      term('file.path', 'ends with', '.so.1'),
      term('file.path', 'ends with', '.1'),
    ],
    ['a text and a form', term('file.path', 'is', '/a/b.so'), term('file.path', 'glob', '/?/*.so')],
    ['a form and a run of it', term('file.path', 'like', '%/tmp/%.so'), term('file.path', 'contains', 'tmp')],
    ['a text and a plain pattern', term('file.path', 'is', '/tmp/x'), term('file.path', 'matches', 'tmp')],
    [
      'an address and its network',
      term('network.address', 'is', '10.1.2.3'),
      term('network.address', 'in network', '10.0.0.0/8'),
    ],
    [
      'a network and a wider one',
      term('network.address', 'in network', '10.1.0.0/16'),
      term('network.address', 'in network', '10.0.0.0/8'),
    ],
    [
      'a remote address and either',
      term('network.remote_address', 'is', '10.1.2.3'),
      term('network.address', 'is', '10.1.2.3'),
    ],
    [
      'a name and its domain',
      term('dns.query', 'is', 'a.evil.test'),
      term('dns.query', 'in domain', 'EVIL.test'),
    ],
    [
      'an end and a domain',
      term('dns.query', 'ends with', '.evil.test'),
      term('dns.query', 'in domain', 'evil.test'),
    ],
    ['a number and a range', term('file.size', 'is', 7), term('file.size', 'between', [5, 10])],
    ['a range and a bound', term('file.size', 'between', [5, 10]), term('file.size', 'greater', 4)],
    ['few values and more', term('file.md5', 'is', ['a', 'b']), term('file.md5', 'is', ['c', 'B', 'a'])],
    [
      'as written and without regard to case',
      term('file.name', 'is', 'X', { text: { exact: true } }),
      term('file.name', 'is', 'x'),
    ],
    ['a path and its name', term('file.path', 'ends with', '/nc'), term('file.name', 'is', 'nc')],
    [
      'a path and its folder',
      term('file.path', 'is', '/tmp/x/nc'),
      term('file.directory', 'starts with', '/tmp'),
    ],
    ['a name and its extension', term('file.name', 'is', 'a.exe'), term('file.extension', 'is', 'exe')],
    [
      'a denial of more and a denial of less',
      term('file.name', 'is', ['a', 'b'], { negate: true }),
      term('file.name', 'is', 'a', { negate: true }),
    ],
  ])('%s: the first is narrower', (_, one, other) => {
    expect(of(one, other)).toBe('narrower')
    expect(of(other, one)).toBe('wider')
  })

  test.each<[string, Term, Term]>([
    [
      'without regard to case and as written',
      term('file.name', 'is', 'x'),
      term('file.name', 'is', 'X', { text: { exact: true } }),
    ],
    [
      'what a cut value can meet and what it cannot',
      term('file.path', 'contains', 'abc'),
      term('file.path', 'glob', '*abc*'),
    ],
    [
      'a path whose separator depends on the platform',
      term('file.path', 'ends with', '\\nc'),
      term('file.name', 'is', 'nc'),
    ],
    [
      'a path that may end within a name',
      term('file.path', 'ends with', 'nc'),
      term('file.name', 'is', 'nc'),
    ],
    [
      'a hidden file and its extension',
      term('file.name', 'is', '.bashrc'),
      term('file.extension', 'is', 'bashrc'),
    ],
    [
      'a pattern with signs of its own',
      term('file.path', 'is', '/tmp/x'),
      term('file.path', 'matches', '^/tmp/.$'),
    ],
    ['another property', term('file.name', 'is', 'x'), term('file.directory', 'is', 'x')],
    [
      'a domain and a name beside it',
      term('dns.query', 'is', 'notevil.test'),
      term('dns.query', 'in domain', 'evil.test'),
    ],
    [
      'IPv4 inside IPv6',
      term('network.address', 'is', '::ffff:10.0.0.1'),
      term('network.address', 'in network', '::/0'),
    ],
  ])('%s: nothing is claimed', (_, one, other) => {
    expect(of(one, other)).not.toBe('narrower')
    expect(of(one, other)).not.toBe('equal')
  })
})

const a = term('file.name', 'is', 'a')
const b = term('file.directory', 'is', '/b')
const c = term('file.size', 'is', 3)

test('more parts of an AND are narrower, more parts of an OR are wider, and the order does not matter', () => {
  expect(of(and(a, b, c), and(b, a))).toBe('narrower')
  expect(of(or(a, b), or(c, b, a))).toBe('narrower')
  expect(of(and(a, b), and(b, a))).toBe('equal')
  expect(of(and(a, b), or(a, c))).toBe('narrower')
  expect(of(or(a, b), and(a, b))).toBe('wider')
  expect(of(a, b)).toBe('unrelated')
})

test('two ways to say the same are equal', () => {
  expect(of(term('file.path', 'ends with', '.so'), term('file.path', 'glob', '*.so'))).toBe('equal')
})

test('a denial turns it around', () => {
  const long = term('file.path', 'contains', 'abcd')
  const short = term('file.path', 'contains', 'bc')
  expect(of(and(a, not(short)), and(a, not(long)))).toBe('narrower')
  expect(of(not(not(long)), short)).toBe('narrower')
  expect(of(not(or(a, b)), and(not(a), not(b)))).toBe('equal')
})

test('under a denial a path tells nothing of its name: one of them may be unknown', () => {
  const path = term('file.path', 'is', '/x/nc')
  expect(of(not(term('file.name', 'is', 'nc')), not(path))).toBe('unrelated')
})

test('what one instance must be is narrower than what some instances may be', () => {
  const one = same('file', and(a, b))
  expect(of(one, and(a, b))).toBe('narrower')
  expect(of(and(a, b), one)).toBe('wider')
  expect(of(one, same('file', a))).toBe('narrower')
  expect(of(one, same('image', a))).toBe('unrelated')
  expect(of(same('file', a, 'event'), same('file', a))).toBe('narrower')
  expect(of(not(same('file', a)), not(one))).toBe('narrower')
})

test("a signal's own process is not just any process", () => {
  const p = term('process.name', 'is', 'sh')
  expect(of(same('process', p), p, 'process')).toBe('unrelated')
  expect(of(same('process', p), p)).toBe('equal')
})

test('windows, repetitions and orders are narrower the stricter they are', () => {
  const within = (micros: number, part: Condition): Condition => ({ kind: 'within', micros, part })
  const inOrder = (...parts: Condition[]): Condition => ({ kind: 'all-of', order: 'in-order', parts })
  expect(of(within(5, and(a, b)), within(9, and(a, b)))).toBe('narrower')
  expect(of(within(5, and(a, b)), and(a, b))).toBe('narrower')
  expect(of(within(5, a), a)).toBe('equal')
  expect(of({ kind: 'repeat', times: 3, part: a }, { kind: 'repeat', times: 2, part: a })).toBe('narrower')
  expect(of(inOrder(a, b), { kind: 'all-of', order: 'any', parts: [a, b] })).toBe('narrower')
  expect(of(inOrder(a, b), inOrder(b, a))).toBe('unrelated')
  expect(
    of({ kind: 'during', from: 2, until: 3, part: a }, { kind: 'during', from: 1, until: 3, part: a }),
  ).toBe('narrower')
})

test('subjects, platforms and times of validity count', () => {
  const on = (platforms: readonly Platform[], more: Partial<Comparable> = {}) => ({
    ...comparable(a),
    platforms,
    ...more,
  })
  expect(relate(comparable(a, 'instance'), comparable(a, 'host'))).toBe('unrelated')
  expect(relate(on(['linux']), on([]))).toBe('narrower')
  expect(relate(on(['linux']), on(['windows']))).toBe('unrelated')
  expect(relate(on([], { valid: { from: 5 } }), on([]))).toBe('narrower')
  expect(relate(on([], { valid: { until: 5 } }), on([], { valid: { from: 6 } }))).toBe('unrelated')
})

test('sets are compared by their values, where these are at hand', () => {
  const set = (digest: string): Term => ({
    ...term('file.md5', 'is', 'x'),
    operand: { kind: 'set', digest, count: 2, of: 'md5' },
  })
  const blobs = new Map([
    ['few', new TextEncoder().encode('aa\nbb')],
    ['many', new TextEncoder().encode('aa\nbb\ncc')],
  ])
  const withBlobs = (condition: Condition) => ({ ...comparable(condition), blobs })
  expect(relate(withBlobs(set('few')), withBlobs(set('many')))).toBe('narrower')
  expect(relate(withBlobs(term('file.md5', 'is', 'BB')), withBlobs(set('few')))).toBe('narrower')
  expect(of(set('few'), set('many'))).toBe('unrelated')
  expect(of(set('few'), set('few'))).toBe('equal')
})

test('what is not found out within the steps is not claimed', () => {
  const many = (text: string) =>
    Array.from({ length: 300 }, (_, at) => term('file.path', 'contains', `${text}${at}`))
  const one = or(...many('aa'))
  expect(relate(comparable(one), comparable(or(...many('a'))), 1_000)).toBe('unrelated')
  expect(relate(comparable(one), comparable(or(...many('aa').toReversed())))).toBe('equal')
})
