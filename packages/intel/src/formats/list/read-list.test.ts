import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { describeGoldens, testMutations } from '../../testdata/goldens.ts'
import { readList } from './read-list.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const folder = new URL('../../../testdata/list/', import.meta.url)
const fixtures = readdirSync(folder).filter((name) => /\.(?:list|csv)$/.test(name))
const bytesOf = (name: string) => readFileSync(new URL(name, folder))

describeGoldens(folder, fixtures, (fixture) => readList(bytesOf(fixture), {}))
testMutations(fixtures.map(bytesOf), (read) => readList(read, {}))

test('values are refanged, deduplicated and looked for where they show', () => {
  const list =
    '# from a report\nhxxp://evil[.]example/a\nd41d8cd98f00b204e9800998ecf8427e\nD41D8CD98F00B204E9800998ECF8427E, again\n10.0.0.0/8\n'
  const { document, diagnostics } = readList(bytes(list), { fileName: 'report.txt' })
  expect(diagnostics).toEqual([])
  const parts = document?.condition.kind === 'or' ? document.condition.parts : []
  const shown = parts.map((part) => {
    if (part.kind !== 'term' || part.operand.kind !== 'values') return part
    return `${part.property} ${part.comparison} ${part.operand.values.join()}`
  })
  expect(shown).toEqual([
    'file.md5 is d41d8cd98f00b204e9800998ecf8427e',
    'process.md5 is d41d8cd98f00b204e9800998ecf8427e',
    'image.md5 is d41d8cd98f00b204e9800998ecf8427e',
    'driver.md5 is d41d8cd98f00b204e9800998ecf8427e',
    'network.remote_address in network 10.0.0.0/8',
    'connection.remote_address in network 10.0.0.0/8',
    'dns.query is evil.example',
    'process.command_line contains http://evil.example/a',
  ])
})

test('a rejected line is told with its place, and the rest lives', () => {
  const { document, diagnostics } = readList(bytes('nonsense here\n1.2.3.4\n'), {})
  expect(document?.kind).toBe('list')
  expect(diagnostics).toMatchObject([
    { code: 'LST001', severity: 'warning', span: { from: 0, to: 8, line: 1 } },
  ])
})

test('a list without any value is refused', () => {
  expect(readList(bytes('# nothing\n'), {}).document).toBeUndefined()
})

test('many values become a sorted set beside the program', () => {
  const hashes = Array.from({ length: 5_000 }, (_, number) => number.toString(16).padStart(64, '0'))
  const { document } = readList(bytes(hashes.toReversed().join('\n')), {})
  const [blob] = document?.blobs.values() ?? []
  expect(new TextDecoder().decode(blob)).toBe(`${hashes.join('\n')}\n`)
  const [first] = document?.condition.kind === 'or' ? document.condition.parts : []
  expect(first).toMatchObject({
    property: 'file.sha256',
    operand: { kind: 'set', count: 5_000, of: 'sha256' },
  })
})

test('a million hashes are one set, sorted once for the four places where hashes show', () => {
  const hashes = Array.from({ length: 1_000_000 }, (_, number) => number.toString(16).padStart(32, '0'))
  const { document, diagnostics } = readList(bytes(hashes.join('\n')), {})
  expect(diagnostics).toEqual([])
  expect(document?.blobs.size).toBe(1)
  expect(document?.condition).toMatchObject({
    parts: ['file', 'process', 'image', 'driver'].map((object) => ({
      object,
      operand: { count: 1_000_000 },
    })),
  })
  expect(readList(bytes(`${hashes.join('\n')}\n${'f'.repeat(32)}`), {}).diagnostics).toMatchObject([
    { code: 'LST003' },
  ])
}, 120_000)

test('of more URLs than command lines are searched for, the host alone is watched', () => {
  const urls = Array.from({ length: 10_001 }, (_, number) => `http://evil.example/${number}`)
  const { document, diagnostics } = readList(bytes(urls.join('\n')), {})
  expect(diagnostics).toMatchObject([{ code: 'LST004', severity: 'note' }])
  const parts = document?.condition.kind === 'or' ? document.condition.parts : []
  expect(parts).toHaveLength(11)
  expect(parts[0]).toMatchObject({ property: 'dns.query', operand: { values: ['evil.example'] } })
})

const corpus = new URL('../../../../../../shared/data/lists/eset/', import.meta.url)
const isHere = existsSync(corpus)
const why = isHere ? '' : ` (skipped: ${corpus.pathname} is absent)`

test.runIf(isHere)(`every line of the lists in circulation is read${why}`, () => {
  const read = readdirSync(corpus).map((name) => ({
    name,
    ...readList(readFileSync(new URL(name, corpus)), {}),
  }))
  expect(read).toHaveLength(20)
  expect(read.flatMap(({ diagnostics }) => diagnostics)).toEqual([])
  const values = read.flatMap(({ document }) => {
    const [first] = document?.condition.kind === 'or' ? document.condition.parts : []
    return first?.kind === 'term' && first.operand.kind === 'values' ? first.operand.values : []
  })
  expect(values).toHaveLength(481)
})
