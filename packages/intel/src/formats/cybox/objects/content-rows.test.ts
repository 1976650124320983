import type { Comparison } from '@tocsin/model'
import { expect, test } from 'vitest'
import { loadYara } from '../../../testdata/yara-x.ts'
import type { XmlElement } from '../../../xml/tree.ts'
import { isFlaw } from '../../lowering/byte-facts.ts'
import { contentOf } from '../../lowering/content-rule.ts'
import { objectRows } from '../object-fields.ts'
import type { ContentRow } from './rows.ts'

const rows = Object.entries(objectRows).flatMap(([type, { fields }]) =>
  Object.entries(fields).flatMap(([path, row]) =>
    row !== 'implied' && 'fact' in row ? [[`${type} ${path}`, row] as const] : [],
  ),
)

/** Of each kind of value that a field can have. */
const samples = [
  '4d5a9000',
  '14',
  '6.5',
  '1.4',
  'Dll',
  '.te"xt\\',
  '2014-01-01T00:00:00Z',
  'a'.repeat(32),
  'b'.repeat(40),
  'c'.repeat(64),
]
const comparisons: readonly Comparison[] = ['is', 'contains', 'starts with', 'matches', 'greater']

const element: XmlElement = {
  namespace: '',
  local: 'x',
  attributes: [],
  type: null,
  children: [],
  text: '',
  from: 0,
  to: 0,
}

function rulesOf(row: ContentRow): readonly string[] {
  const fact = row.fact({ element, path: '', row, ancestors: [element] })
  return samples.flatMap((text) =>
    comparisons.flatMap((comparison) => {
      const made = fact({ comparison, text, exact: false })
      if (isFlaw(made)) return []
      const blobs = new Map<string, Uint8Array>()
      const { source } = contentOf(made, row.of, blobs)
      return [new TextDecoder().decode(blobs.get(source))]
    }),
  )
}

const yara = await loadYara()

test.each(rows)('%s makes rules that compile', (_, row) => {
  // YARA-X lacks the module magic; libyara has it.
  const rules = rulesOf(row).filter((text) => !text.includes('import "magic"'))
  const text = rules.map((rule, number) => rule.replace('rule fact', `rule fact${number}`)).join('')
  const { problems } = yara.validate(text)
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([])
  expect(rulesOf(row).length).toBeGreaterThan(0)
})
