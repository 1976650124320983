import type { Diagnostic } from '@tocsin/model'
import type { IntelDocument } from '../document.ts'
import { remark } from './remark.ts'
import { truthOf } from './truth.ts'

/** A document that nearly everything meets floods every endpoint. */
export function matchesEverything(document: IntelDocument): readonly Diagnostic[] {
  if (truthOf(document.condition) !== 'always') return []
  const message = 'this matches everything that has the property'
  return [remark(document, 'CHK002', { at: [], message, hint: 'say what makes the finding suspicious' })]
}
