import type { Reading } from '../../document.ts'

/** A reading as the two texts that golden files hold. */
export function goldenOf({ document, diagnostics }: Reading): {
  readonly condition: string
  readonly diagnostics: string
} {
  const lines = diagnostics.map(({ severity, code, span, message, hint }) => {
    const place = span === undefined ? '' : ` ${span.line}:${span.column}`
    return `${severity} ${code}${place} ${message}${hint === undefined ? '' : `\n  hint: ${hint}`}\n`
  })
  const condition = `${JSON.stringify(document?.condition ?? null, null, 2)}\n`
  return { condition, diagnostics: lines.join('') }
}
