import { expect, test } from 'vitest'
import { readList } from './read-list.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

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
    'dns.query in domain evil.example',
    'process.command_line contains http://evil.example/a',
    'file.md5 is d41d8cd98f00b204e9800998ecf8427e',
    'process.md5 is d41d8cd98f00b204e9800998ecf8427e',
    'image.md5 is d41d8cd98f00b204e9800998ecf8427e',
    'driver.md5 is d41d8cd98f00b204e9800998ecf8427e',
    'network.remote_address in network 10.0.0.0/8',
    'connection.remote_address in network 10.0.0.0/8',
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
