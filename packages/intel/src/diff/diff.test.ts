import { expect, test } from 'vitest'
import { readIntel } from '../read-intel.ts'
import { diffDocuments } from './diff.ts'

const yara = { validate: () => ({ accepted: true, problems: [] }) }

function documentOf(text: string, fileName: string) {
  const { document, diagnostics } = readIntel(new TextEncoder().encode(text), { fileName }, { yara })
  if (document === undefined) throw new Error(JSON.stringify(diagnostics))
  return document
}

const signal = (text: string) => documentOf(text, 'a.signal')
const list = (values: readonly string[]) => documentOf(values.join('\n'), 'a.txt')
const names = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, number) => `h${from + number}.example.com`)

test('the order of terms, redundant parentheses and case do not count', () => {
  const one = signal("process.name is 'A' AND (process.path contains 'b' OR process.path contains 'c')")
  const other = signal("((process.path contains 'C' OR process.path contains 'B')) AND process.name is 'a'")
  expect(diffDocuments(one, other)).toMatchObject({ isSame: true, terms: [], isCombinedDifferently: false })
})

test('values are added and removed by object, property and comparison', () => {
  const one = signal("process.name is 'a' OR process.name is 'b'")
  const other = signal("process.name is 'b' OR process.name is 'c'")
  expect(diffDocuments(one, other)).toMatchObject({
    isSame: false,
    isCombinedDifferently: false,
    terms: [
      {
        object: 'process',
        property: 'process.name',
        comparison: 'is',
        added: ['c'],
        removed: ['a'],
        addedCount: 1,
        removedCount: 1,
      },
    ],
  })
})

test('the same terms in another structure are told', () => {
  const one = signal("process.name is 'a' AND process.path contains 'b'")
  const other = signal("process.name is 'a' OR process.path contains 'b'")
  expect(diffDocuments(one, other)).toMatchObject({ isSame: false, terms: [], isCombinedDifferently: true })
  const grouped = signal("group(file.path is 'a' AND file.operation is 'write')")
  const apart = signal("file.path is 'a' AND file.operation is 'write'")
  expect(diffDocuments(grouped, apart).isSame).toBe(false)
  const denied = signal("process.name is NOT 'a' AND process.path contains 'b'")
  expect(diffDocuments(one, denied).isSame).toBe(false)
})

test('what a document is about counts where it demands several things', () => {
  const condition = signal("process.name is 'a' AND process.path contains 'b'").condition
  const part = condition.kind === 'within' ? condition.part : condition
  const one = { ...list(['a.example.com']), condition: part }
  expect(diffDocuments(one, { ...one, subject: 'host' })).toMatchObject({ isCombinedDifferently: true })
  const any = list(['a.example.com', '10.1.1.1'])
  expect(diffDocuments(any, { ...any, subject: 'host' }).isSame).toBe(true)
})

test('the same values in other company are told', () => {
  const pairs = (one: string, other: string) =>
    signal(
      `(process.name is 'a' AND process.path contains '${one}') OR (process.name is 'b' AND process.path contains '${other}')`,
    )
  expect(diffDocuments(pairs('x', 'y'), pairs('y', 'x'))).toMatchObject({
    isSame: false,
    terms: [],
    isCombinedDifferently: true,
  })
})

test('a set beside the program says the same as its values in it', () => {
  const inline = list(names(0, 1_000))
  const { condition, blobs } = list([...names(0, 1_000), 'z.example.com'])
  expect(diffDocuments(inline, { ...inline, condition, blobs })).toMatchObject({
    isCombinedDifferently: false,
    terms: [{ addedCount: 1, removedCount: 0 }],
  })
  const { condition: whole, blobs: sets } = list(names(0, 1_001))
  const values = { kind: 'values', values: names(0, 1_001) } as const
  if (whole.kind !== 'or' || whole.parts[0]?.kind !== 'term') return expect.unreachable()
  const written = { ...inline, condition: { ...whole.parts[0], operand: values } }
  expect(diffDocuments({ ...inline, condition: whole, blobs: sets }, written).isSame).toBe(true)
})

test('a YARA rule with another text is another', () => {
  const rule = (byte: string) => documentOf(`rule a { strings: $x = "${byte}" condition: $x }`, 'a.yara')
  expect(diffDocuments(rule('a'), rule('a')).isSame).toBe(true)
  expect(diffDocuments(rule('a'), rule('b')).isSame).toBe(false)
})

test('large lists are compared value by value, and the first twenty are named', () => {
  const one = list(names(0, 1_500))
  const other = list(names(100, 1_600))
  const [change] = diffDocuments(one, other).terms
  expect(change).toMatchObject({ property: 'dns.query', addedCount: 100, removedCount: 100 })
  expect(change?.added).toHaveLength(20)
  expect(diffDocuments(one, list(names(0, 1_500).reverse())).isSame).toBe(true)
  // Beside a blob or in the program itself, the values are the same.
  expect(diffDocuments(one, list(names(0, 900))).terms[0]).toMatchObject({ addedCount: 0, removedCount: 600 })
  expect(diffDocuments(one, list(names(0, 900))).isCombinedDifferently).toBe(false)
})

test('platforms and techniques count', () => {
  const rule = (product: string, tag: string) =>
    documentOf(
      `title: a\nlogsource: {category: process_creation${product}}\ntags: [${tag}]\ndetection: {s: {Image: /bin/a}, condition: s}`,
      'a.yml',
    )
  expect(diffDocuments(rule('', 'attack.t1059'), rule(', product: linux', 'attack.t1204'))).toMatchObject({
    isSame: false,
    terms: [],
    platforms: { added: ['linux'], removed: [] },
    techniques: { added: ['T1204'], removed: ['T1059'] },
  })
})

test('times of validity count', () => {
  const bundle = (until: string) =>
    documentOf(
      JSON.stringify({
        type: 'indicator',
        id: 'indicator--8f6f2c58-41d9-4c6a-8f1b-2f0d5a7e9c09',
        pattern: "[domain-name:value = 'a.example.com']",
        valid_from: '2026-01-01T00:00:00Z',
        valid_until: until,
      }),
      'a.json',
    )
  const change = diffDocuments(bundle('2026-02-01T00:00:00Z'), bundle('2026-03-01T00:00:00Z'))
  expect(change).toMatchObject({ isSame: false, terms: [], isCombinedDifferently: false })
  expect(change.validity.added).toEqual(['2026-01-01T00:00:00.000Z – 2026-03-01T00:00:00.000Z'])
})

test('a Sigma rule and a signal that say the same mean the same', () => {
  const rule = documentOf(
    'title: a\nlogsource: {category: process_creation}\ndetection: {s: {Image|endswith: /sh, CommandLine|contains: [curl, wget]}, condition: s}',
    'a.yml',
  )
  const same = signal(
    "process.path ends with '/sh' AND (process.command_line contains 'curl' OR process.command_line contains 'wget')",
  )
  expect(diffDocuments(rule, same).isSame).toBe(true)
})

test('a signal of one event and one of several are compared term by term', () => {
  const one = signal("process.name is 'a'")
  const other = signal("process.name is 'a' AND dns.query is 'b' AND network.remote_port is 1")
  expect(diffDocuments(one, other).terms.map(({ property }) => property)).toEqual([
    'dns.query',
    'network.remote_port',
  ])
})
