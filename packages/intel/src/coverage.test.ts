import type { Capability, Condition, Program, Term } from '@tocsin/model'
import { expect, test } from 'vitest'
import { compile, programDigest } from './compile.ts'
import { coverage } from './coverage.ts'
import type { IntelDocument } from './document.ts'
import { reachOfTerms } from './reach-of-terms.ts'

const term = (property: string, object: Term['object'] = 'file'): Term => ({
  ...{ kind: 'term', object, property, comparison: 'is', apply: 'any', negate: false },
  operand: { kind: 'values', values: ['x'] },
  text: { exact: false },
})

function documentOf(condition: Condition, subject: Program['subject'] = 'host'): IntelDocument {
  return {
    ...{ kind: 'openioc', typeVersion: '1.0', intrinsicId: 'x', name: 'x', description: null, contents: '' },
    ...{ platforms: [], techniques: [], compiled: null, origins: new Map(), blobs: new Map() },
    subject,
    condition,
  }
}
const programOf = (condition: Condition, subject?: Program['subject']) =>
  compile(documentOf(condition, subject), { id: 1, revision: 1 })

const endpoint: Capability = {
  ...{ platform: 'linux', contracts: [1], privileged: true, historySince: 1 },
  events: { process: ['process.path', 'process.md5'], file: ['file.path', 'file.operation'] },
  state: { process: ['process.path'], file: ['file.path', 'file.md5'] },
  yara: [{ engine: 'libyara', modules: ['pe', 'magic'], memory: false }],
  why: { 'events.network': 'needs the capability CAP_BPF', yara: 'install libyara' },
}
const reach = (program: Program, capability = endpoint) => {
  const { live, scan, history } = coverage(program, capability)
  return { live, scan, history }
}

test('a bare term is read from events and from state, each where the endpoint delivers it', () => {
  expect(reach(programOf(term('file.path')))).toEqual({ live: 'full', scan: 'full', history: 'full' })
  expect(reach(programOf(term('file.md5')))).toEqual({ live: 'never', scan: 'full', history: 'never' })
  expect(reach(programOf(term('file.operation')))).toEqual({ live: 'full', scan: 'never', history: 'full' })
})

test('the source that a same asks for decides', () => {
  const from = (source: 'event' | 'state') =>
    reach(programOf({ kind: 'same', object: 'file', from: source, part: term('file.path') }))
  expect(from('event')).toEqual({ live: 'full', scan: 'never', history: 'full' })
  expect(from('state')).toEqual({ live: 'never', scan: 'full', history: 'never' })
})

test('an event answers for its actor', () => {
  const part = { kind: 'and', parts: [term('file.path'), term('process.path', 'process')] } as const
  const program = programOf({ kind: 'same', object: 'file', from: 'event', part })
  expect(reach(program).live).toBe('full')
  expect(reach(program, { ...endpoint, events: { process: ['process.path'] } }).live).toBe('never')
})

test('“and” needs all its parts, “or” one, “not” a fully readable one', () => {
  const [good, bad] = [term('file.path'), term('file.size')]
  const either: Condition = { kind: 'or', parts: [good, bad] }
  expect(reach(programOf({ kind: 'and', parts: [good, bad] })).live).toBe('never')
  expect(reach(programOf(either)).live).toBe('partial')
  expect(reach(programOf({ kind: 'and', parts: [good, either] })).live).toBe('partial')
  expect(reach(programOf({ kind: 'not', part: good })).live).toBe('full')
  expect(reach(programOf({ kind: 'not', part: either })).live).toBe('never')
})

test('signals are watched, not scanned for', () => {
  expect(reach(programOf(term('file.path'), 'process'))).toEqual({
    live: 'full',
    scan: 'never',
    history: 'full',
  })
  expect(reach(programOf(term('process.path', 'process'), 'process')).scan).toBe('never')
})

test('without a journal there is no history', () => {
  const { history, because } = coverage(programOf(term('file.path')), { ...endpoint, historySince: null })
  expect(history).toBe('never')
  expect(because).toMatchObject([{ at: [], why: 'history: the endpoint keeps no journal' }])
})

test('what is missing is said with its place and the way to get it', () => {
  const program = programOf({
    kind: 'or',
    parts: [term('network.port', 'network'), term('foreign:openioc/Email/To')],
  })
  expect(coverage(program, endpoint).because).toEqual([
    {
      at: [0],
      property: 'network.port',
      why: 'live: network.port is not recorded on this endpoint: needs the capability CAP_BPF',
    },
    { at: [0], property: 'network.port', why: 'scan: network.port is not scanned on this endpoint' },
    {
      at: [1],
      property: 'foreign:openioc/Email/To',
      why: 'no recorder and no scan reads openioc/Email/To',
    },
  ])
})

test('paths that a profile excludes are told of what reads events, and of nothing else', () => {
  const exclusions = 'the profile Servers excludes events on the files /var/log/*'
  const because = (condition: Condition) =>
    coverage(programOf(condition), { ...endpoint, why: { ...endpoint.why, exclusions } }).because
  expect(because(term('file.path'))).toContainEqual({ at: [], why: `live: ${exclusions}` })
  expect(because(term('process.path', 'process'))).toEqual([])
})

test('content needs an engine with its modules, and memory where it asks for memory', () => {
  const content = (modules: readonly string[], of: 'file' | 'memory' | 'either' = 'file') =>
    coverage(
      programOf({ kind: 'content', source: 'd', engines: ['libyara', 'yara-x'], modules, of }),
      endpoint,
    )
  expect(content(['pe'])).toMatchObject({ live: 'never', scan: 'full', history: 'never' })
  expect(content([], 'either').scan).toBe('full')
  expect(content([], 'memory').scan).toBe('never')
  expect(content(['dotnet']).because.at(-1)?.why).toBe('scan: the YARA engine lacks dotnet: install libyara')
})

test('another platform or an older agent is out of reach', () => {
  const program = { ...programOf(term('file.path')), platforms: ['windows'] as const }
  expect(coverage(program, endpoint)).toMatchObject({ live: 'never', because: [{ at: [] }] })
  expect(reach(programOf(term('file.path')), { ...endpoint, contracts: [] }).live).toBe('never')
})

test('needs name each readable property once with its source, foreign ones never', () => {
  const bound: Condition = { kind: 'same', object: 'file', from: 'event', part: term('file.path') }
  const listed: Term = { ...term('file.md5'), operand: { kind: 'set', digest: 'ff', count: 1, of: 'md5' } }
  const parts = [term('file.path'), term('file.path'), bound, listed, term('foreign:a/b')]
  const program = programOf({ kind: 'or', parts })
  expect(program.blobs).toEqual(['ff'])
  expect(program.needs).toEqual([
    { kind: 'property', property: 'file.md5', from: 'either' },
    { kind: 'property', property: 'file.path', from: 'either' },
    { kind: 'property', property: 'file.path', from: 'event' },
  ])
  expect(programDigest(program)).toMatch(/^[\da-f]{64}$/)
})

test('terms are counted in every way that some platform reaches them', () => {
  const parts = [
    term('file.path'),
    term('file.created'),
    term('registry.key_path', 'registry'),
    term('foreign:a/b'),
  ]
  const document = documentOf({ kind: 'or', parts })
  expect(reachOfTerms(document)).toEqual({ terms: 4, live: 2, scan: 3, history: 2, never: 1 })
  expect(reachOfTerms({ ...document, platforms: ['linux'] }).never).toBe(2)
})
