import type { Diagnostic, Span } from '@tocsin/model'
import type { stix2Codes } from './codes.ts'

export type Stix2Code = keyof typeof stix2Codes

/** What a reader has to say about a document, errors first. */
export interface Remarks {
  say(remark: Diagnostic): void
  /** Says it once for all remarks with the same message; the diagnostic tells how often it was meant. */
  sayOnce(remark: Diagnostic): void
  diagnostics(): readonly Diagnostic[]
}

/** A document with more remarks than this has one problem, not a thousand. */
const most = 1_000

export function remarksOn(): Remarks {
  const errors: Diagnostic[] = []
  const others: { readonly remark: Diagnostic; times: number }[] = []
  const once = new Map<string, { times: number }>()
  const say = (remark: Diagnostic) => {
    const said = { remark, times: 1 }
    if (remark.severity === 'error') errors.push(remark)
    else if (others.length < most) others.push(said)
    return said
  }
  return {
    say,
    sayOnce(remark) {
      const key = `${remark.code} ${remark.message}`
      const said = once.get(key)
      if (said === undefined) once.set(key, say(remark))
      else said.times += 1
    },
    diagnostics: () => [
      ...errors,
      ...others.map(({ remark, times }) =>
        times === 1 ? remark : { ...remark, message: `${remark.message} (${times} times)` },
      ),
    ],
  }
}

export function diagnostic(
  code: Stix2Code,
  severity: Diagnostic['severity'],
  message: string,
  span?: Span,
): Diagnostic {
  return { code, severity, message, ...(span === undefined ? {} : { span }) }
}
