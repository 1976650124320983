import type { Comparison, PropertyType, Term } from '@tocsin/model'
import { attributeOf, type XmlElement } from '../../xml/tree.ts'
import type { Findings } from '../lowering/findings.ts'
import { applied, fieldComparison } from './conditions.ts'

/** What a field's attributes say. */
export interface Said extends Pick<Term, 'apply' | 'negate'> {
  readonly comparison: Comparison
}

/** Reads a field's condition, or says why it cannot be used. */
export function saidComparison(element: XmlElement, findings: Findings): Said | string {
  const condition = attributeOf(element, 'condition')
  if (condition === undefined) {
    findings.sayOnce({
      code: 'CBX003',
      severity: 'warning',
      message: 'a field without a condition is read as Equals',
      at: element,
    })
  }
  const read = fieldComparison(condition ?? 'Equals')
  if (read === undefined) return `the condition "${condition}" is not known`
  if (!read.isStandard) {
    const message = `the condition "${condition}" is not spelled as in CybOX; it is read as "${read.comparison}"`
    findings.sayOnce({ code: 'CBX006', severity: 'warning', message, at: element })
  }
  const patternType = attributeOf(element, 'pattern_type')
  if (read.comparison === 'matches' && patternType !== undefined && patternType !== 'Regex') {
    return `patterns of type "${patternType}" are not read`
  }
  return { comparison: read.comparison, ...applied(attributeOf(element, 'apply_condition'), read.isNegated) }
}

/** The values of a field: a list is joined by `##comma##` or by the delimiter it names. */
export function valuesOf(element: XmlElement, type: PropertyType): readonly string[] {
  const delimiter = attributeOf(element, 'delimiter') || '##comma##'
  const values = element.text.split(delimiter)
  const [only = ''] = values
  const neverHoldsCommas = type === 'hash' || type === 'address' || type === 'integer' || type === 'port'
  const listed = values.length === 1 && neverHoldsCommas ? only.split(',') : values
  return listed.slice(0, mostValues)
}

// Limit: of a list in one field the first 1,000 values are read.
const mostValues = 1_000

/** Case counts unless the field says that it does not. */
export function isCaseSensitive(element: XmlElement): boolean {
  const word = attributeOf(element, 'is_case_sensitive')?.trim().toLowerCase()
  return word !== 'false' && word !== '0'
}
