import type { Diagnostic, Span } from '@tocsin/model'
import { lineTable } from '../../xml/line-table.ts'
import type { SigmaCode } from './codes.ts'

/** Offsets in the text. */
export interface Range {
  readonly from: number
  readonly to: number
}

export interface Remark {
  readonly code: SigmaCode
  readonly severity: Diagnostic['severity']
  readonly message: string
  readonly at?: Range
  readonly hint?: string
}

/** What is said of a rule while it is read, each thing once. */
export interface Remarks {
  readonly say: (remark: Remark) => void
  readonly hasErrors: () => boolean
  readonly diagnostics: () => readonly Diagnostic[]
  readonly spanOf: (range: Range) => Span
}

const most = 200

/** Collects remarks on a text. */
export function remarksOn(text: string): Remarks {
  const table = lineTable(text)
  // The YAML parser reports what is missing at the end as a character behind it.
  const inside = (offset: number) => Math.min(offset, text.length)
  const spanOf = ({ from, to }: Range) => table({ from: inside(from), to: inside(to) })
  const said = new Map<string, Diagnostic>()
  let hasErrors = false
  return {
    spanOf,
    say: ({ code, severity, message, at, hint }) => {
      if (severity === 'error') hasErrors = true
      if (said.size >= most && severity !== 'error') return
      const key = `${code} ${message}`
      if (said.has(key) || said.size >= 2 * most) return
      said.set(key, {
        code,
        severity,
        message,
        ...(at === undefined ? {} : { span: spanOf(at) }),
        ...(hint === undefined ? {} : { hint }),
      })
    },
    hasErrors: () => hasErrors,
    diagnostics: () => [...said.values()],
  }
}

/** A word of the document as messages show it. */
export function short(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 60)}…`
}
