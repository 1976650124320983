import type { Diagnostic } from '@tocsin/model'
import type { IntelDocument } from '../document.ts'
import { eachLeaf } from '../each-leaf.ts'
import { remark } from './remark.ts'

const partial = ['contains', 'starts with', 'ends with', 'matches']

/** Every text contains, starts and ends with nothing. */
export function emptyValue(document: IntelDocument): readonly Diagnostic[] {
  const found: Diagnostic[] = []
  eachLeaf(document.condition, (leaf, at) => {
    if (leaf.kind !== 'term' || leaf.operand.kind !== 'values') return
    if (!partial.includes(leaf.comparison) || !leaf.operand.values.includes('')) return
    const message = `an empty value: “${leaf.comparison}” is true for every ${leaf.property}`
    found.push(remark(document, 'CHK001', { at, message, hint: 'leave it out' }))
  })
  return found
}
