import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DigestSet } from './digest-set.ts'
import { SortedLines } from './sorted-lines.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)
const digits = '0123456789abcdef'
const kinds = { md5: 32, sha1: 40, sha256: 64 } as const

/** Few first characters and long runs of the same, so that digests share entries of the index and begin alike. */
const digestOf = (length: number) =>
  fc
    .record({
      first: fc.string({ unit: fc.constantFrom('0', '1', 'f'), minLength: 4, maxLength: 4 }),
      last: fc.string({ unit: fc.constantFrom(...digits), minLength: 4, maxLength: 4 }),
      middle: fc.constantFrom('0', 'a', 'f'),
    })
    .map(({ first, last, middle }) => `${first}${middle.repeat(length - 8)}${last}`)

test.each(['md5', 'sha1', 'sha256'] as const)(
  'of %s it holds what a plain set holds, and nothing else',
  (kind) => {
    const digest = digestOf(kinds[kind])
    fc.assert(
      fc.property(
        fc.uniqueArray(digest, { minLength: 1, maxLength: 80 }),
        fc.array(digest, { maxLength: 30 }),
        fc.boolean(),
        (lines, others, ends) => {
          const plain = new Set(lines)
          const blob = bytesOf(`${[...lines].sort().join('\n')}${ends ? '\n' : ''}`)
          const set = DigestSet.read(blob, kind)
          expect(set?.count).toBe(lines.length)
          for (const text of [...lines, ...others]) expect(set?.has(text)).toBe(plain.has(text))
        },
      ),
    )
  },
)

test('what is written otherwise is not in it', () => {
  const set = DigestSet.read(bytesOf('ff'.repeat(16)), 'md5')
  expect(set?.has('ff'.repeat(16))).toBe(true)
  for (const text of ['', 'f', 'FF'.repeat(16), 'zz'.repeat(16), `${'ff'.repeat(15)}f/`, 'ff'.repeat(20)])
    expect(set?.has(text)).toBe(false)
})

test.each([
  ['no line', ''],
  ['an empty line', '\n'],
  ['a line that is too long', `${'a'.repeat(33)}\n`],
  ['a line that is too short', `${'a'.repeat(32)}\n${'b'.repeat(31)}`],
  ['other characters', 'g'.repeat(32)],
  ['capitals', 'A'.repeat(32)],
  ['lines out of order', `${'b'.repeat(32)}\n${'a'.repeat(32)}\n`],
  ['a line that stands twice', `${'a'.repeat(32)}\n${'a'.repeat(32)}\n`],
  ['another end of line', `${'a'.repeat(32)}\r${'b'.repeat(32)}\r`],
])('%s is left to the set of lines', (_, text) => {
  expect(DigestSet.read(bytesOf(text), 'md5')).toBeUndefined()
})

test('texts are no digests', () => {
  expect(DigestSet.read(bytesOf('a'.repeat(32)), 'text')).toBeUndefined()
})

test('ten thousand digests are told from ten thousand others as the set of lines tells them', () => {
  let state = 1
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state.toString(16).padStart(8, '0')
  }
  const all = Array.from({ length: 20_000 }, () => next() + next() + next() + next())
  const blob = bytesOf(all.slice(0, 10_000).sort().join('\n'))
  const [digests, lines] = [DigestSet.read(blob, 'md5'), new SortedLines(blob)]
  expect(all.filter((text) => digests?.has(text) !== lines.has(text))).toEqual([])
  expect(all.filter((text) => digests?.has(text))).toHaveLength(10_000)
})
