import { taniumPrefixes } from '@tocsin/api/tanium/index.ts'
import type { Diagnostic } from '@tocsin/model'
import type { Failure } from './failure.ts'

export function isTaniumPath(path: string): boolean {
  return taniumPrefixes.some((prefix) => path.startsWith(prefix)) || path === '/auth'
}

/** What a refusal looks like on this path. */
export function refusalBody(failure: Failure, path: string): unknown {
  return isTaniumPath(path) ? taniumBody(failure) : ownBody(failure)
}

function ownBody({ code, spec, detail, diagnostics }: Failure): unknown {
  return {
    code,
    text: spec.text,
    ...(spec.hint === undefined ? {} : { hint: spec.hint }),
    ...(detail === undefined ? {} : { detail }),
    ...(diagnostics.length === 0 ? {} : { diagnostics }),
  }
}

/**
 * Serves every client's parser: `text` for the platform's, `errors[0].description` for Threat Response's, and neither
 * true, false nor null, which one client cannot read. The words `not found` stand in the text of what is not there.
 */
function taniumBody({ spec, detail, diagnostics }: Failure): unknown {
  const text = detail === undefined ? spec.text : `${spec.text} ${detail}`
  return {
    text: spec.status === 404 ? `not found: ${text}` : text,
    errors: [
      { code: String(spec.status), description: spec.status === 404 ? `not found: ${text}` : text },
      ...diagnostics.map(errorOf),
    ],
  }
}

function errorOf({ code, severity, message, span, hint }: Diagnostic): unknown {
  const place = span === undefined ? '' : `line ${span.line}, column ${span.column}: `
  return {
    code,
    severity,
    description: `${place}${message}${hint === undefined ? '' : ` (${hint})`}`,
    ...(span === undefined ? {} : { line: span.line, column: span.column, from: span.from, to: span.to }),
  }
}
