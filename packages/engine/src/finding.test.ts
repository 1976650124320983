import { type Condition, digestOf } from '@tocsin/model'
import { expect, test } from 'vitest'
import { findingId } from './finding.ts'

test('the id of a finding is the digest of document, condition and subject, asked once or again', () => {
  const part: Condition = {
    kind: 'term',
    object: 'process',
    property: 'process.name',
    comparison: 'is',
    operand: { kind: 'values', values: ['"ü"\u2028'] },
    negate: false,
    apply: 'any',
    text: { exact: false },
  }
  for (const subject of ['boot:1:2@3', 'a "b" \n ü\u2028', 'a "b" \n ü\u2028']) {
    expect(findingId(7, part, subject)).toBe(digestOf([7, part, subject]))
  }
})
