import { type Diagnostic, type Literal, type PropertyType, type Term, vocabulary } from '@tocsin/model'
import type { IntelDocument } from '../document.ts'
import { eachLeaf } from '../each-leaf.ts'
import { remark } from './remark.ts'

/** Values of another type than the property's never equal it, and a hash has a length. */
export function misfittingValue(document: IntelDocument): readonly Diagnostic[] {
  const found: Diagnostic[] = []
  eachLeaf(document.condition, (leaf, at) => {
    if (leaf.kind !== 'term' || leaf.operand.kind !== 'values' || leaf.comparison === 'exists') return
    const row = vocabulary.get(leaf.property)
    if (row === undefined) return
    const misfits = leaf.operand.values.filter((value) => !fits(value, row.type, leaf))
    if (misfits.length === 0) return
    const message = `${row.property} can never be ${shown(misfits[0] ?? null)}: this term cannot match it`
    found.push(remark(document, 'CHK006', { at, message }))
  })
  return found
}

function fits(value: Literal, type: PropertyType, { comparison, property }: Term): boolean {
  if (value === null) return true
  switch (type) {
    case 'integer':
    case 'port':
      return typeof value === 'number'
    case 'boolean':
      return typeof value === 'boolean'
    case 'time':
      return typeof value === 'object' && 'time' in value
    case 'hash':
      return comparison === 'is' ? isHash(value, property) : typeof value === 'string'
    default:
      return typeof value === 'string' || (typeof value === 'object' && 'bytes' in value)
  }
}

const lengths: Readonly<Record<string, number>> = { md5: 32, sha1: 40, sha256: 64 }

function isHash(value: Literal, property: string): boolean {
  const length = lengths[/md5$|sha1$|sha256$/.exec(property)?.[0] ?? '']
  return typeof value === 'string' && value.length === length && /^[\da-f]*$/i.test(value)
}

function shown(value: Literal): string {
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return `“${text.slice(0, 80)}”`
}
