import { absentField, type Condition, type Content, type Field, known, unknownField } from '@tocsin/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { evaluate } from './evaluate/evaluate.ts'
import type { Observed } from './instances.ts'
import { load } from './load.ts'
import { and, loaded, not, or, programOf, same, scanned, term } from './samples.ts'
import { ScanMatcher } from './scan-matcher.ts'

const name = (value: string) => term('file.name', 'is', value)
const sha256 = (letter: string) => term('file.sha256', 'is', letter.repeat(64))

function file(path: string, sha: string | Field = unknownField): Observed {
  const [base = ''] = path.split('/').slice(-1)
  return scanned(`file:${path}`, {
    'file.path': path,
    'file.name': base,
    'file.sha256': typeof sha === 'string' ? sha.repeat(64) : sha,
  })
}

test('two files that meet an "or" of hashes are two matches with subjects of their own', () => {
  const matcher = new ScanMatcher([loaded(or(sha256('a'), sha256('b')), 'host')])
  const subjects = [file('/x/1', 'a'), file('/x/2', 'b'), file('/x/3', 'c')].flatMap((each) =>
    matcher.see(each).map(({ subject }) => subject),
  )
  expect(subjects).toEqual([`/x/1|${'a'.repeat(64)}`, `/x/2|${'b'.repeat(64)}`])
})

test('objects of several kinds are joined on the host, whichever is seen first', () => {
  const condition = and(name('x'), term('connection.remote_port', 'is', 4_444))
  const connection = scanned('tcp:1', { 'connection.remote_port': 4_444 })
  for (const [first, second] of [[file('/x'), connection] as const, [connection, file('/x')] as const]) {
    const matcher = new ScanMatcher([loaded(condition, 'host')])
    expect(matcher.see(first)).toEqual([])
    expect(
      matcher
        .see(second)[0]
        ?.explanation.instances.map(({ key }) => key)
        .sort(),
    ).toEqual(['file:/x', 'tcp:1'])
  }
})

test('that something is nowhere is known at the end of a complete pass, and only then', () => {
  const condition = and(name('x'), not(name('y')))
  for (const isComplete of [true, false]) {
    const matcher = new ScanMatcher([loaded(condition, 'host')])
    expect(matcher.see(file('/x'))).toEqual([])
    const { verdicts, matches } = matcher.finish(() => isComplete)
    expect([...verdicts.values()]).toEqual([isComplete ? 'match' : 'inconclusive'])
    expect(matches).toHaveLength(isComplete ? 1 : 0)
  }
  const matcher = new ScanMatcher([loaded(condition, 'host')])
  matcher.see(file('/x'))
  matcher.see(file('/y'))
  expect([...matcher.finish(() => true).verdicts.values()]).toEqual(['no-match'])
})

test('what was not all seen of one kind leaves open only what is denied of that kind', () => {
  const nobody = loaded(not(term('user.name', 'is', 'x')), 'host')
  const nowhere = loaded(not(name('y')), 'host')
  const matcher = new ScanMatcher([nobody, nowhere])
  const { verdicts } = matcher.finish((object) => object === 'user')
  expect([verdicts.get(nobody.digest), verdicts.get(nowhere.digest)]).toEqual(['match', 'inconclusive'])
})

test('what is costly to read is wanted only of processes that could still match', () => {
  const handle = term('process.handle', 'contains', 'evil')
  const condition = same('process', and(term('process.name', 'is', 'x'), handle))
  const matcher = new ScanMatcher([loaded(condition, 'host')])
  const costlyOf = (name: string) => [
    ...matcher.missingFor({
      ...scanned('p', { 'process.name': name }),
      object: 'process',
    }).costly,
  ]
  expect(costlyOf('x')).toEqual(['process.handle'])
  expect(costlyOf('y')).toEqual([])
})

test('hashes and contents are wanted only where the rest may still be met', () => {
  const content: Content = { kind: 'content', source: 'rules', engines: ['yara-x'], modules: [], of: 'file' }
  const program = programOf(
    or(same('file', and(name('x'), sha256('a'))), same('file', and(term('file.size', 'less', 10), content))),
    'host',
  )
  const matcher = new ScanMatcher([
    load(program, () => new TextEncoder().encode('rule r { condition: true }')),
  ])
  const sized = (path: string, size: number) => scanned(path, { 'file.name': path, 'file.size': size })
  expect(matcher.missingFor(sized('x', 50))).toEqual({
    hashes: new Set(['sha256']),
    contents: [],
    costly: new Set(),
  })
  expect(matcher.missingFor(sized('y', 50))).toEqual({ hashes: new Set(), contents: [], costly: new Set() })
  expect(matcher.missingFor(sized('y', 5))).toEqual({
    hashes: new Set(),
    contents: [content],
    costly: new Set(),
  })
})

test('contents of one file are read together, and a denied one must be looked at too', () => {
  const [has, lacks] = ['has', 'lacks'].map(
    (source): Content => ({ kind: 'content', source, engines: ['yara-x'], modules: [], of: 'file' }),
  )
  if (has === undefined || lacks === undefined) throw new Error('two contents')
  const condition = same('file', and(name('x'), has, not(lacks)), 'state')
  const seen = (wanted: readonly string[], known: readonly string[]) => {
    const matcher = new ScanMatcher([load(programOf(condition, 'host'), () => new Uint8Array())])
    expect(matcher.missingFor(file('/x')).contents).toEqual([has, lacks])
    expect(matcher.missingFor(file('/y')).contents).toEqual([])
    return matcher.see(file('/x'), ({ source }) =>
      known.includes(source)
        ? { verdict: wanted.includes(source) ? 'match' : 'no-match', offsets: [] }
        : undefined,
    )
  }
  expect(seen(['has'], ['has', 'lacks'])).toHaveLength(1)
  expect(seen(['has', 'lacks'], ['has', 'lacks'])).toEqual([])
  expect(seen(['has'], ['has'])).toEqual([])
})

test('contents of one file are read together, and a denied one must be looked at too', () => {
  const [has, lacks] = ['has', 'lacks'].map(
    (source): Content => ({ kind: 'content', source, engines: ['yara-x'], modules: [], of: 'file' }),
  )
  if (has === undefined || lacks === undefined) throw new Error('two contents')
  const condition = same('file', and(name('x'), has, not(lacks)), 'state')
  const seen = (wanted: readonly string[], known: readonly string[]) => {
    const matcher = new ScanMatcher([load(programOf(condition, 'host'), () => new Uint8Array())])
    expect(matcher.missingFor(file('/x')).contents).toEqual([has, lacks])
    expect(matcher.missingFor(file('/y')).contents).toEqual([])
    return matcher.see(file('/x'), ({ source }) =>
      known.includes(source)
        ? { verdict: wanted.includes(source) ? 'match' : 'no-match', offsets: [] }
        : undefined,
    )
  }
  expect(seen(['has'], ['has', 'lacks'])).toHaveLength(1)
  expect(seen(['has', 'lacks'], ['has', 'lacks'])).toEqual([])
  expect(seen(['has'], ['has'])).toEqual([])
})

test('what YARA found is the witness of a content', () => {
  const content: Content = {
    kind: 'content',
    source: 'rules',
    rule: 'r',
    engines: ['yara-x'],
    modules: [],
    of: 'file',
  }
  const matcher = new ScanMatcher([load(programOf(content, 'host'), () => new Uint8Array())])
  const offsets = [{ string: '$a', offset: 7, around: '00' }]
  expect(matcher.see(file('/x', 'a'), () => ({ verdict: 'no-match', offsets: [] }))).toEqual([])
  const [match] = matcher.see(file('/y', 'a'), () => ({ verdict: 'match', offsets }))
  expect(match?.explanation.witnesses).toEqual([{ at: [], instance: 'file:/y', offsets }])
})

test('rules for files are not asked of processes, so a process leaves their verdict as it is', () => {
  const verdictFor = (of: Content['of']) => {
    const content: Content = { kind: 'content', source: 'rules', engines: ['yara-x'], modules: [], of }
    const matcher = new ScanMatcher([load(programOf(content, 'host'), () => new Uint8Array())])
    matcher.see({ ...scanned('process', { 'process.name': 'x' }), object: 'process' })
    matcher.see(file('/x'), () => ({ verdict: 'no-match', offsets: [] }))
    return [...matcher.finish(() => true).verdicts.values()][0]
  }
  expect(verdictFor('file')).toBe('no-match')
  expect(verdictFor('memory')).toBe('inconclusive')
  expect(verdictFor('either')).toBe('inconclusive')
})

test('programs about processes as they run are not for scans', () => {
  const matcher = new ScanMatcher([loaded(name('x'), 'process')])
  expect(matcher.wants('file')).toBe(false)
  expect(new ScanMatcher([loaded(same('file', name('x'), 'event'), 'host')]).wants('file')).toBe(false)
  expect(new ScanMatcher([loaded(name('x'), 'host')]).wants('file')).toBe(true)
})

const field = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('a', 'b').map(known) },
  fc.constantFrom<Field>(absentField, unknownField, { values: ['a'], whole: false }),
)
const fileTerm = fc
  .record({
    property: fc.constantFrom('file.name', 'file.owner'),
    value: fc.constantFrom('a', 'b'),
    negate: fc.boolean(),
  })
  .map(({ property, value, negate }): Condition => term(property, 'is', value, { negate }))
const { condition: anyCondition } = fc.letrec<{ condition: Condition; inside: Condition }>((tie) => ({
  inside: fc.oneof(
    { maxDepth: 2 },
    fileTerm,
    tie('inside').map(not),
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      parts: fc.array(tie('inside'), { minLength: 1, maxLength: 2 }),
    }),
  ),
  condition: fc.oneof(
    { maxDepth: 2 },
    fileTerm,
    tie('inside').map((part): Condition => same('file', part)),
    tie('condition').map(not),
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      parts: fc.array(tie('condition'), { minLength: 1, maxLength: 2 }),
    }),
  ),
}))
const files = fc
  .array(fc.tuple(field, field), { maxLength: 5 })
  .map((all) =>
    all.map(([each, owner], number) =>
      scanned(`f${number}`, { 'file.name': each, 'file.owner': owner }, number),
    ),
  )

test('a complete pass ends as the interpreter says of all that was seen', () => {
  const tools = { sets: new Map(), content: () => ({ verdict: 'inconclusive', offsets: [] }) as const }
  fc.assert(
    fc.property(anyCondition, files, fc.boolean(), (condition, instances, isComplete) => {
      const matcher = new ScanMatcher([loaded(condition, 'host')])
      for (const instance of instances) matcher.see(instance)
      const expected = evaluate(condition, { instances, tools, mayBeUnseen: () => !isComplete })
      expect([...matcher.finish(() => isComplete).verdicts.values()]).toEqual([expected])
    }),
    { numRuns: 2_000 },
  )
})

test('where a program is about instances, each is judged alone, and the pass by the greatest verdict', () => {
  const condition = and(name('x'), not(sha256('a')))
  const verdict = (...seen: readonly Observed[]) => {
    const matcher = new ScanMatcher([loaded(condition, 'instance')])
    const matches = seen.flatMap((each) => matcher.see(each))
    return [matches.map(({ subject }) => subject), ...matcher.finish(() => true).verdicts.values()]
  }
  expect(verdict(file('/x', 'a'), file('/y', 'b'))).toEqual([[], 'no-match'])
  expect(verdict(file('/x', 'a'), file('/x'))).toEqual([[], 'inconclusive'])
  expect(verdict(file('/x', 'a'), file('/z/x', 'b'))).toEqual([[`/z/x|${'b'.repeat(64)}`], 'match'])
})
