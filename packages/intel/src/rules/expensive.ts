import type { Diagnostic } from '@tocsin/model'
import { costOf } from '../cost.ts'
import type { IntelDocument } from '../document.ts'
import { remark } from './remark.ts'

/** What is evaluated on every frequent event; YARA reads contents by its nature, and has checks of its own. */
export function expensive(document: IntelDocument): readonly Diagnostic[] {
  if (document.kind === 'yara') return []
  const { class: cost, why, at } = costOf(document)
  if (cost !== 'high') return []
  const hint = 'add a term that names a value of three characters or more'
  return [remark(document, 'CHK010', { at, message: `this costs much: ${why}`, hint })]
}
