import { type Condition, digestOf, type Program } from '@tocsin/model'
import { expect, test } from 'vitest'
import { evaluateTerm } from './evaluate/term.ts'
import { load } from './load.ts'
import { ProgramRefused } from './refusal.ts'
import { and, not, programOf, same, scanned, term } from './samples.ts'

function codeOf(program: Program): string {
  try {
    load(program, () => undefined)
    return 'loaded'
  } catch (error) {
    if (error instanceof ProgramRefused) return error.code
    throw error
  }
}

const codeFor = (condition: unknown) =>
  codeOf({ ...programOf(term('file.name')), condition: condition as Condition })

test('a program is known by the digest of its canonical bytes', () => {
  const program = programOf(term('file.name'))
  expect(load(program, () => undefined).digest).toBe(digestOf(program))
})

test('contracts and nodes that nobody knows are refused', () => {
  expect(codeOf({ ...programOf(term('file.name')), contract: 2 as 1 })).toBe('contract')
  expect(codeFor({ kind: 'xor', parts: [] })).toBe('contract')
})

test('depth and size are bounded without recursion', () => {
  let deep: Condition = term('file.name')
  for (let level = 0; level < 200; level += 1) deep = not(deep)
  expect(codeFor(deep)).toBe('loaded')
  expect(codeFor(not(deep))).toBe('too-deep')
  for (let level = 0; level < 100_000; level += 1) deep = not(deep)
  expect(codeFor(deep)).toBe('too-deep')
  expect(codeFor(and(...Array<Condition>(20_000).fill(term('file.name'))))).toBe('too-large')
})

test('what has no meaning is refused', () => {
  expect(codeFor(and())).toBe('malformed')
  expect(codeFor({ kind: 'all-of', order: 'any', parts: [] })).toBe('malformed')
  expect(codeFor({ kind: 'and' })).toBe('malformed')
  expect(codeFor({ kind: 'not' })).toBe('malformed')
  expect(codeFor(term('file.name', 'is', []))).toBe('malformed')
  expect(codeFor(term('file.name', 'is', Array(1_001).fill('x')))).toBe('malformed')
  expect(codeFor({ kind: 'repeat', times: 0, part: term('file.name') })).toBe('malformed')
  expect(codeFor(same('file', { kind: 'within', micros: 1, part: term('file.name') }))).toBe('malformed')
  expect(codeFor({ ...term('file.name'), comparison: 'resembles' })).toBe('contract')
  expect(codeFor({ ...term('file.name'), operand: { kind: 'oracle' } })).toBe('contract')
  expect(codeFor(term('file.size', 'between', [1, 2, 3]))).toBe('malformed')
})

test('patterns beyond RE2, and overlong ones, are refused', () => {
  expect(codeFor(term('file.name', 'matches', '(?=x)'))).toBe('pattern')
  expect(codeFor(term('file.name', 'matches', '(x)\\1'))).toBe('pattern')
  expect(codeFor(term('file.name', 'matches', 'x'.repeat(8_193)))).toBe('pattern')
  expect(codeFor(term('file.name', 'like', '('.repeat(20_000)))).toBe('loaded')
})

test('a set is read from its blob, which has to be there', () => {
  const inSet = {
    ...term('file.sha256'),
    operand: { kind: 'set', digest: 'd', count: 2, of: 'sha256' },
  } as const
  expect(codeFor(inSet)).toBe('blob-missing')
  const lines = `${'a'.repeat(64)}\n${'b'.repeat(64)}\n`
  const { sets } = load(programOf(inSet), () => new TextEncoder().encode(lines))
  const verdict = (sha: string) => evaluateTerm(inSet, scanned('f', { 'file.sha256': sha }), sets).verdict
  expect(verdict('B'.repeat(64))).toBe('match')
  expect(verdict('c'.repeat(64))).toBe('no-match')
})

test('sets of domains and networks hold what lies in one of their lines', () => {
  const setOf = (property: string, of: 'domain' | 'network', lines: string, value: string) => {
    const inSet = { ...term(property), operand: { kind: 'set', digest: 'd', count: 1, of } } as const
    const { sets } = load(programOf(inSet), () => new TextEncoder().encode(lines))
    return evaluateTerm(inSet, scanned('f', { [property]: value }), sets).verdict
  }
  expect(setOf('dns.query', 'domain', 'evil.example\n', 'a.b.EVIL.example.')).toBe('match')
  expect(setOf('dns.query', 'domain', 'evil.example\n', 'notevil.example')).toBe('no-match')
  expect(setOf('network.address', 'network', '2001:db8::/32\n', '2001:db8::7')).toBe('match')
  expect(setOf('network.address', 'network', '10.0.0.0/8\n', '11.0.0.1')).toBe('no-match')
})

test('a term may be held against another property of the same instance', () => {
  const fieldref = (apply: 'any' | 'all' | 'none') =>
    ({ ...term('file.name'), apply, operand: { kind: 'property', property: 'file.owner' } }) as const
  const verdict = (apply: 'any' | 'all' | 'none', owner: Parameters<typeof scanned>[1]) =>
    evaluateTerm(fieldref(apply), scanned('f', { 'file.name': 'x', ...owner }), new Map()).verdict
  expect(verdict('any', { 'file.owner': 'X' })).toBe('match')
  expect(verdict('any', { 'file.owner': 'y' })).toBe('no-match')
  expect(verdict('any', {})).toBe('inconclusive')
  expect(verdict('all', { 'file.owner': { values: [], whole: true } })).toBe('no-match')
  expect(verdict('all', { 'file.owner': { values: ['x'], whole: false } })).toBe('inconclusive')
  expect(verdict('none', { 'file.owner': { values: ['y'], whole: false } })).toBe('inconclusive')
})
