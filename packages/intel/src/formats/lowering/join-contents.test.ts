import type { Condition, Digest } from '@tocsin/model'
import { expect, test } from 'vitest'
import { loadYara } from '../../testdata/yara-x.ts'
import { same } from './compose.ts'
import { contentOf, quoted } from './content-rule.ts'
import { joinContents } from './join-contents.ts'
import { peNumber } from './pe-facts.ts'

function alternatives(count: number, blobs: Map<Digest, Uint8Array>, wrap = (part: Condition) => part) {
  const parts = Array.from({ length: count }, (_, number) =>
    wrap(
      contentOf(
        { strings: [quoted(`text${number}.`)], condition: ([name = '']) => `#${name.slice(1)} > 1` },
        'file',
        blobs,
      ),
    ),
  )
  return { kind: 'or', parts } as const
}

test('a few alternatives keep a rule each, many are one rule', () => {
  const few = new Map<Digest, Uint8Array>()
  const condition = alternatives(8, few)
  expect(joinContents(condition, few, new Set())).toBe(condition)
  expect(few.size).toBe(8)
  const many = new Map<Digest, Uint8Array>()
  expect(joinContents(alternatives(9, many), many, new Set())).toMatchObject({ kind: 'content' })
  expect(many.size).toBe(1)
})

test('the joined rule is true where one of its parts is', async () => {
  const { matches } = await loadYara()
  const blobs = new Map<Digest, Uint8Array>()
  const { parts } = alternatives(20, blobs)
  const fact = peNumber('pe.checksum')({ comparison: 'is', text: '1', exact: false })
  if ('flaw' in fact) throw new Error(fact.flaw)
  joinContents({ kind: 'or', parts: [...parts, contentOf(fact, 'file', blobs)] }, blobs, new Set())
  const [rule] = [...blobs.values()].map((blob) => new TextDecoder().decode(blob))
  const holds = (text: string) => matches(rule ?? '', new TextEncoder().encode(text))
  expect([holds('text7.text7.'), holds('text7.text8.'), holds('')]).toEqual([true, false, false])
})

test('alternatives about some file are one about some file, others stay beside them', () => {
  const blobs = new Map<Digest, Uint8Array>()
  const { parts } = alternatives(9, blobs, (part) => same('file', 'state', part))
  const rest: Condition = same('process', 'either', { kind: 'and', parts: [] })
  expect(joinContents({ kind: 'or', parts: [rest, ...parts] }, blobs, new Set())).toMatchObject({
    parts: [rest, { kind: 'same', object: 'file', part: { kind: 'content' } }],
  })
})

test('rules that others asked for are kept', () => {
  const blobs = new Map<Digest, Uint8Array>([['theirs', new Uint8Array()]])
  joinContents(alternatives(9, blobs), blobs, new Set(['theirs']))
  expect([...blobs.keys()]).toContain('theirs')
  expect(blobs.size).toBe(2)
})
