import { canonicalText, type Diagnostic } from '@tocsin/model'
import { compile } from '../compile.ts'
import type { IntelDocument } from '../document.ts'

/** What was understood of a document, for other programs: the same document gives the same bytes. */
export function printAsJson(document: IntelDocument, diagnostics: readonly Diagnostic[]): string {
  const { kind, typeVersion, name, description, platforms, techniques, subject, condition } = document
  const { needs } = compile(document, { id: 0, revision: 0 })
  const told = {
    ...{ kind, typeVersion, name, description, platforms, techniques, subject },
    ...{ condition, needs, diagnostics },
  }
  return `${JSON.stringify(JSON.parse(canonicalText(told)), null, 2)}\n`
}
