import type { Condition, Content, Finding } from '@tocsin/model'
import { expect, test } from 'vitest'
import { findingId, findingOf } from './finding.ts'
import { LiveMatcher } from './live-matcher.ts'
import { load } from './load.ts'
import { and, fields, loaded, not, processes, programOf, same, scanned, term } from './samples.ts'
import { ScanMatcher } from './scan-matcher.ts'
import { verifyFinding } from './verify.ts'

const context = { deployment: 7, mode: 'live', chain: [], blind: [] } as const
const view = processes([
  { 'process.path': '/bin/sh' },
  { 'process.path': '/usr/sbin/nginx' },
  { 'process.path': '/sbin/init' },
])

function findingFor(condition: Condition): Finding | undefined {
  const matcher = new LiveMatcher([loaded(condition)], { mostSubjects: 10, onEvicted: () => undefined })
  const began = matcher.start(view)
  const event = (id: string, name: string, size: number) => ({
    id,
    object: 'file' as const,
    operation: 'create',
    at: 2_000,
    actor: view.facts.key,
    fields: fields({ 'file.name': name, 'file.size': size, 'file.path': 'x'.repeat(3_000) }),
  })
  const found = [
    ...began,
    ...matcher.observe(event('1', 'a.so', 1), view),
    ...matcher.observe(event('2', 'b', 9), view),
  ]
  return found[0] && findingOf(found[0], context)
}

const conditions: Readonly<Record<string, Condition>> = {
  'a group': same('file', and(term('file.name', 'ends with', '.so'), term('file.size', 'less', 5)), 'event'),
  'a denial in a group': same(
    'file',
    and(term('file.size', 'greater', 5), not(term('file.name', 'is', 'a.so'))),
    'event',
  ),
  'a denial of the process': and(not(term('process.path', 'is', '/bin/bash')), term('file.name', 'is', 'b')),
  'an ancestor': and(term('process.ancestry_path', 'is', '/usr/sbin/nginx'), term('file.name', 'is', 'b')),
  'an ancestor from within a group': same(
    'file',
    and(term('file.name', 'is', 'b'), term('process.parent_path', 'ends with', 'nginx')),
    'event',
  ),
  'a window': {
    kind: 'within',
    micros: 10,
    part: and(term('file.name', 'is', 'b'), term('file.size', 'is', 1)),
  },
  'a sequence': {
    kind: 'all-of',
    order: 'in-order',
    parts: [term('file.name', 'is', 'a.so'), term('file.name', 'is', 'b')],
  },
}

for (const [name, condition] of Object.entries(conditions)) {
  test(`${name} is shown again from the finding alone, and not once a value is changed`, () => {
    const finding = findingFor(condition)
    if (finding === undefined) throw new Error('there is no match')
    const program = programOf(condition)
    expect(verifyFinding(program, finding, () => undefined)).toEqual({ verdict: 'match' })
    const { instances, witnesses } = finding.explanation
    for (const [number, instance] of instances.entries()) {
      const read = witnesses.filter(
        (witness) => witness.instance === instance.key && witness.seen !== undefined,
      )
      for (const { property = '' } of read) {
        const forged = { ...instance, fields: { ...instance.fields, ...fields({ [property]: 'forged' }) } }
        const explanation = { ...finding.explanation, instances: instances.with(number, forged) }
        expect(verifyFinding(program, { ...finding, explanation }, () => undefined).verdict).toBe('no-match')
      }
    }
    const explanation = { ...finding.explanation, instances: [] }
    expect(verifyFinding(program, { ...finding, explanation }, () => undefined).verdict).toBe('no-match')
  })
}

test('a finding of another program is not taken for one of this', () => {
  const finding = findingFor(term('file.name', 'is', 'b'))
  if (finding === undefined) throw new Error('there is no match')
  expect(verifyFinding(programOf(term('file.name', 'is', 'c')), finding, () => undefined).verdict).toBe(
    'no-match',
  )
})

test('a finding about another subject, or with the id of another, is refuted', () => {
  const condition = term('file.name', 'is', 'b')
  const finding = findingFor(condition)
  if (finding === undefined) throw new Error('there is no match')
  for (const change of [{ subject: 'boot:7:1@1000' }, { id: 'f'.repeat(64) }])
    expect(verifyFinding(programOf(condition), { ...finding, ...change }, () => undefined).verdict).toBe(
      'no-match',
    )
})

test('of an environment only what met the term is shown', () => {
  const program = programOf(term('process.environment', 'starts with', 'LD_PRELOAD='), 'host')
  const environment = { values: ['TOKEN=secret', 'LD_PRELOAD=/tmp/x.so'], whole: true }
  const [match] = new ScanMatcher([load(program, () => undefined)]).see(
    scanned('p', { 'process.environment': environment }),
  )
  if (match === undefined) throw new Error('there is no match')
  const finding = findingOf(match, { ...context, mode: 'scan' })
  expect(JSON.stringify(finding)).not.toContain('secret')
  expect(verifyFinding(program, finding, () => undefined)).toEqual({ verdict: 'match' })
})

test('of many values the one that met the term is shown, wherever it stands', () => {
  const program = programOf(term('process.handle', 'is', '/h/140'), 'host')
  const handles = { values: Array.from({ length: 150 }, (_, at) => `/h/${at}`), whole: true }
  const matcher = new ScanMatcher([load(program, () => undefined)])
  const [match] = matcher.see(scanned('p', { 'process.handle': handles }))
  if (match === undefined) throw new Error('there is no match')
  const finding = findingOf(match, { ...context, mode: 'scan' })
  expect(finding.explanation.instances[0]?.fields['process.handle']?.values).toHaveLength(100)
  expect(verifyFinding(program, finding, () => undefined)).toEqual({ verdict: 'match' })
})

test('what YARA saw is taken from its witness, all else is looked at again', () => {
  const content: Content = { kind: 'content', source: 's', engines: ['yara-x'], modules: [], of: 'file' }
  const program = programOf(same('file', and(content, term('file.size', 'less', 5))), 'host')
  const blobs = () => new Uint8Array()
  const matcher = new ScanMatcher([load(program, blobs)])
  const [match] = matcher.see(scanned('f', { 'file.path': '/x', 'file.size': 1 }), () => ({
    verdict: 'match',
    offsets: [],
  }))
  if (match === undefined) throw new Error('there is no match')
  const finding = findingOf(match, { ...context, mode: 'scan' })
  expect(verifyFinding(program, finding, blobs)).toEqual({ verdict: 'match' })
  const withoutContent = finding.explanation.witnesses.filter(({ property }) => property !== undefined)
  const forged = { ...finding, explanation: { ...finding.explanation, witnesses: withoutContent } }
  expect(verifyFinding(program, forged, blobs).verdict).toBe('no-match')
})

test('a finding has the same id for the same document, condition and subject, whatever else changes', () => {
  const condition = term('file.name')
  expect(findingId(1, condition, 's')).toBe(findingId(1, { ...condition }, 's'))
  const others = [
    findingId(2, condition, 's'),
    findingId(1, not(condition), 's'),
    findingId(1, condition, 't'),
  ]
  for (const other of others) expect(other).not.toBe(findingId(1, condition, 's'))
  expect(findingFor(condition)?.id).toBe(findingFor(condition)?.id)
})

test('a finding stays small, however much was seen', () => {
  const long = 'x'.repeat(100_000)
  const condition: Condition = { kind: 'repeat', times: 100, part: term('file.path', 'starts with', 'x') }
  const matcher = new ScanMatcher([loaded(condition, 'host')])
  const seen = Array.from({ length: 100 }, (_, number) =>
    scanned(`f${number}`, { 'file.path': long, 'file.owner': long, 'file.name': `n${number}` }, number),
  )
  const [match] = seen.flatMap((each) => matcher.see(each))
  if (match === undefined) throw new Error('there is no match')
  expect(JSON.stringify(findingOf(match, { ...context, mode: 'scan' })).length).toBeLessThan(256_000)
})
