import type { Diagnostic, NodePath } from '@tocsin/model'
import type { IntelDocument } from '../document.ts'
import type { CheckCode } from './codes.ts'

/** One check of a document: what is legal and surely not meant. It never refuses and never throws. */
export type Check = (document: IntelDocument) => readonly Diagnostic[]

/** A warning about the node at a path, pointing at where it was written. */
export function remark(
  document: IntelDocument,
  code: CheckCode,
  text: { readonly at: NodePath; readonly message: string; readonly hint?: string },
): Diagnostic {
  const span = document.origins.get(text.at.join('.'))
  const { message, hint } = text
  return {
    code,
    severity: 'warning',
    message,
    ...(span === undefined ? {} : { span }),
    ...(hint === undefined ? {} : { hint }),
  }
}
