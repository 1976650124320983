import { type Comparable, type IntelDocument, relate, relationRemark } from '@tocsin/intel'
import type { Diagnostic, Program } from '@tocsin/model'
import type { RelatedCandidate, RelatedRemarks } from './messages.ts'

/** So many relations are told of one document. */
const mostTold = 5

/** What other documents make of one, as far as there is time for it. */
export function remarksOn(
  document: IntelDocument,
  candidates: readonly RelatedCandidate[],
  until: number,
): RelatedRemarks {
  const diagnostics: Diagnostic[] = []
  for (const { id, name, bytes } of candidates) {
    if (diagnostics.length === mostTold) break
    if (performance.now() >= until) return { diagnostics, isComplete: false }
    const other = comparableOf(JSON.parse(new TextDecoder().decode(bytes)) as Program)
    const relation = relate(document, other)
    if (relation === 'unrelated') continue
    diagnostics.push(
      relationRemark(document, relation, { called: `document ${id} (“${name}”)`, document: other }),
    )
  }
  return { diagnostics, isComplete: true }
}

// Limit: sets of values in documents that are stored already are compared by their digest only.
function comparableOf({ subject, condition, platforms, valid }: Program): Comparable {
  return { subject, condition, platforms, ...(valid === undefined ? {} : { valid }) }
}
