import { type Condition, digestOfBytes, type Span, visit } from '@tocsin/model'
import type { Hints, IntelDocument, Reading, YaraValidator } from '../../document.ts'
import { decodeUtf8, parseJson } from '../../text.ts'
import { originalOf } from '../lowering/compose.ts'
import { type Bundle, bundleOf } from './indicators.ts'
import { readIndicators } from './read-indicators.ts'
import { diagnostic, type Stix2Code } from './remarks.ts'

// Limit: a STIX 2 document has at most 100,000 indicators.
const mostIndicators = 100_000
/** Endpoints refuse larger conditions. */
const mostNodes = 20_000

/** Reads a STIX 2 bundle or indicator. Any of its indicators will do. */
export function readStix2(bytes: Uint8Array, hints: Hints, yara: YaraValidator): Reading {
  const text = decodeUtf8(bytes)
  const body = text === undefined ? undefined : parseJson(text)
  if (text === undefined || body === undefined) return refused('ST2001', 'the document is not JSON in UTF-8')
  const bundle = bundleOf(body)
  if (bundle.indicators.length > mostIndicators)
    return refused('ST2008', `more than ${mostIndicators} indicators; split the document`)
  const { condition, spans, blobs, diagnostics } = readIndicators(bundle, text, yara)
  if (diagnostics.some(({ severity }) => severity === 'error')) return { kind: 'stix2', diagnostics }
  if (nodesOf(condition) > mostNodes) {
    const message = `the patterns have more than ${mostNodes} parts together; split the document`
    return { kind: 'stix2', diagnostics: [diagnostic('ST2008', 'error', message), ...diagnostics] }
  }
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
    blobs,
  }
  return { kind: 'stix2', document, diagnostics }
}

function nodesOf(condition: Condition): number {
  let count = 0
  visit(condition, () => {
    count += 1
  })
  return count
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

function refused(code: Stix2Code, message: string): Reading {
  return { kind: 'stix2', diagnostics: [diagnostic(code, 'error', message)] }
}
