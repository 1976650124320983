import type { Condition, Diagnostic } from '@tocsin/model'
import type { IntelDocument } from '../document.ts'
import { remark } from './remark.ts'

/** What only says what is not there matches nearly everything there is. */
export function negationOnly(document: IntelDocument): readonly Diagnostic[] {
  if (asksForSomething(document.condition)) return []
  const message = 'this only says what is not there, so nearly everything matches'
  return [remark(document, 'CHK003', { at: [], message, hint: 'add a term for what is there' })]
}

/** Whether every way to meet the condition needs a positive term. */
function asksForSomething(condition: Condition): boolean {
  switch (condition.kind) {
    case 'term':
      return condition.negate === (condition.apply === 'none')
    case 'content':
      return true
    case 'not':
      return !asksForSomething(condition.part)
    case 'or':
      return condition.parts.every(asksForSomething)
    case 'and':
    case 'all-of':
      return condition.parts.some(asksForSomething)
    default:
      return asksForSomething(condition.part)
  }
}
