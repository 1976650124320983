import { type Condition, type Diagnostic, digestOfBytes, type Span, visit } from '@tocsin/model'
import type { Hints, IntelDocument, Reading } from '../../document.ts'
import { decodeUtf8, parseJson } from '../../text.ts'
import { anyOf, isNever, originalOf } from '../lowering/compose.ts'
import type { stix2Codes } from './codes.ts'
import { type Bundle, bundleOf, type Indicator } from './indicators.ts'
import { lowerPattern, never } from './lower.ts'
import { checkPattern } from './pattern/check-pattern.ts'
import { parsePattern } from './pattern/parse-pattern.ts'
import { type PatternPlace, patternPlaces } from './places.ts'
import { endpointViews } from './vocabulary.ts'

// Limit: a STIX 2 document has at most 100,000 indicators.
const mostIndicators = 100_000
/** A document with more remarks than this has one problem, not a thousand. */
const mostRemarks = 1_000

interface Read {
  readonly condition: Condition
  readonly spans: ReadonlyMap<Condition, Span>
  readonly diagnostics: readonly Diagnostic[]
}

/** Reads a STIX 2 bundle or indicator. Any of its indicators will do. */
export function readStix2(bytes: Uint8Array, hints: Hints): Reading {
  const text = decodeUtf8(bytes)
  const body = text === undefined ? undefined : parseJson(text)
  if (text === undefined || body === undefined) return refused('ST2001', 'the document is not JSON in UTF-8')
  const bundle = bundleOf(body)
  if (bundle.indicators.length > mostIndicators)
    return refused('ST2008', `more than ${mostIndicators} indicators; split the document`)
  const { condition, spans, diagnostics } = readIndicators(bundle, text)
  if (diagnostics.some(({ severity }) => severity === 'error')) return { kind: 'stix2', diagnostics }
  const document: IntelDocument = {
    kind: 'stix2',
    typeVersion: bundle.version,
    ...identityOf(bundle, bytes, hints),
    platforms: hints.platforms ?? [],
    techniques: bundle.techniques,
    contents: text,
    compiled: null,
    subject: 'host',
    condition,
    origins: originsOf(condition, spans),
    blobs: new Map(),
  }
  return { kind: 'stix2', document, diagnostics }
}

function readIndicators(bundle: Bundle, text: string): Read {
  const placeOf = patternPlaces(text)
  const remarks: Diagnostic[] = bundle.leftOut.map(leftOut)
  const spans = new Map<Condition, Span>()
  const parts = bundle.indicators.flatMap((indicator) => {
    const place = placeOf(indicator.pattern)
    const condition = conditionOf(indicator, place, remarks)
    if (condition === undefined) return []
    if (place !== undefined) visit(condition, (node) => spans.set(node, place.whole))
    return [condition]
  })
  const condition = anyOf(parts, never)
  if (parts.length === 0) {
    remarks.push(diagnostic('ST2002', 'error', 'there is no indicator with a STIX pattern that can be read'))
  } else if (isNever(condition)) {
    remarks.push(diagnostic('ST2005', 'warning', 'no indicator is left that could match'))
  }
  return { condition, spans, diagnostics: bounded(remarks) }
}

/** Nothing where the pattern cannot be read; the others count all the same. */
function conditionOf(
  { id, pattern: text, validFrom, validUntil }: Indicator,
  place: PatternPlace | undefined,
  remarks: Diagnostic[],
): Condition | undefined {
  const { pattern, problems } = parsePattern(text)
  const flaw = problems.find(({ severity }) => severity === 'error')
  if (pattern === undefined || flaw !== undefined) {
    const why = flaw?.message ?? 'nobody can read it'
    remarks.push(
      diagnostic(
        'ST2004',
        'warning',
        `the pattern of ${id} is left out: ${why}`,
        place && flaw && place.spanOf(flaw.place),
      ),
    )
    return undefined
  }
  for (const { code, severity, message, place: at } of [...problems, ...checkPattern(pattern)])
    remarks.push(diagnostic(code, severity, message, place?.spanOf(at)))
  const said = new Set<string>()
  const condition = lowerPattern(pattern, {
    views: endpointViews,
    say: (problem) => {
      // A value that does not fit is told once, not once for every way in which it could show.
      if (said.size === said.add(`${problem.place.from}`).size) return
      remarks.push(diagnostic(problem.code, 'warning', problem.message, place?.spanOf(problem.place)))
    },
  })
  // Limit: an indicator of STIX 2 with valid_from but no valid_until counts from its deployment on.
  if (validUntil === undefined) return condition
  return { kind: 'during', from: validFrom ?? 0, until: validUntil, part: condition }
}

function originsOf(condition: Condition, spans: ReadonlyMap<Condition, Span>): ReadonlyMap<string, Span> {
  const origins = new Map<string, Span>()
  visit(condition, (node, at) => {
    const span = spans.get(node) ?? spans.get(originalOf(node))
    if (span !== undefined) origins.set(at.join('.'), span)
  })
  return origins
}

function identityOf(bundle: Bundle, bytes: Uint8Array, hints: Hints) {
  const [first] = bundle.indicators
  const only = bundle.indicators.length === 1 ? first : undefined
  const id = (bundle.id ?? first?.id ?? hints.fileName ?? digestOfBytes(bytes).slice(0, 16)).slice(0, 200)
  return {
    intrinsicId: id,
    name: (only?.name ?? bundle.title ?? hints.name ?? hints.fileName ?? id).slice(0, 500),
    description: only?.description ?? hints.description ?? null,
  }
}

function leftOut({ id, why, isExpected }: Bundle['leftOut'][number]): Diagnostic {
  return diagnostic('ST2003', isExpected ? 'note' : 'warning', `${id.slice(0, 80)} is left out: ${why}`)
}

function bounded(remarks: readonly Diagnostic[]): readonly Diagnostic[] {
  const errors = remarks.filter(({ severity }) => severity === 'error')
  const others = remarks.filter(({ severity }) => severity !== 'error')
  return [...errors, ...others.slice(0, mostRemarks)]
}

function refused(code: keyof typeof stix2Codes, message: string): Reading {
  return { kind: 'stix2', diagnostics: [diagnostic(code, 'error', message)] }
}

function diagnostic(
  code: keyof typeof stix2Codes,
  severity: Diagnostic['severity'],
  message: string,
  span?: Span,
): Diagnostic {
  return { code, severity, message, ...(span === undefined ? {} : { span }) }
}
