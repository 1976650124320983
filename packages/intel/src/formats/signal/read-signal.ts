import { type Diagnostic, type Kind, type Span, visit } from '@tocsin/model'
import type { Hints, IntelDocument, Reading } from '../../document.ts'
import { checkDocument } from '../../rules/check-document.ts'
import { decodeUtf8 } from '../../text.ts'
import { lineTable } from '../../xml/line-table.ts'
import type { Range, Signal } from './ast.ts'
import type { SignalDraft } from './draft.ts'
import { type LoweredSignal, lower } from './lower.ts'
import { parseSignal } from './parse-signal.ts'
import { printCompiled } from './print-compiled.ts'
import { remarksOn } from './remarks.ts'
import { contentsOf, offsetInLiteral } from './signal-contents.ts'
import { signalsInJson } from './signal-json.ts'
import { syntaxVersion } from './syntax-version.ts'

const kind: Kind = 'tanium-signal'

/**
 * Reads one signal: raw text, its JSON, or an exchange file that holds just one.
 * Spans of diagnostics point into the decoded upload, origins into `contents`.
 */
export function readSignal(bytes: Uint8Array, hints: Hints): Reading {
  const { drafts, spanIn } = draftsIn(bytes, hints)
  if ('severity' in drafts) return { kind, diagnostics: [drafts] }
  const [first] = drafts
  if (first !== undefined && drafts.length === 1) return readDraft(first, spanIn)
  const message = `the exchange file holds ${drafts.length} signals; a document is one`
  const hint = '“tocsin upload” and POST /api/v1/signals/exchange take it apart'
  return { kind, diagnostics: [{ code: 'SIG022', severity: 'error', message, hint }] }
}

/** Reads every signal of an exchange file, each as a document of its own; never empty. */
export function readSignals(bytes: Uint8Array, hints: Hints): readonly Reading[] {
  const { drafts, spanIn } = draftsIn(bytes, hints)
  if ('severity' in drafts) return [{ kind, diagnostics: [drafts] }]
  return drafts.map((draft) => readDraft(draft, spanIn))
}

interface Drafts {
  readonly drafts: readonly SignalDraft[] | Diagnostic
  readonly spanIn: SpanIn
}

function draftsIn(bytes: Uint8Array, hints: Hints): Drafts {
  const upload = decodeUtf8(bytes)
  const spanIn = lineTable(upload ?? '')
  if (upload === undefined) {
    return { drafts: { code: 'SIG020', severity: 'error', message: 'the bytes are not UTF-8' }, spanIn }
  }
  if (!/^\s*[{[]/.test(upload)) return { drafts: [draftOfText(upload, hints)], spanIn }
  return { drafts: signalsInJson(upload, hints), spanIn }
}

function draftOfText(upload: string, hints: Hints): SignalDraft {
  const text = upload.trim()
  const lead = upload.length - upload.trimStart().length
  const fileStem = hints.fileName?.replace(/\.[^.]*$/, '')
  return {
    name: hints.name || fileStem || text.slice(0, 80).replace(/\s+/g, ' '),
    description: hints.description ?? null,
    text,
    platforms: hints.platforms ?? [],
    techniques: [],
    place: (offset) => offset + lead,
    diagnostics: [],
  }
}

type SpanIn = (range: Range) => Span

function readDraft(draft: SignalDraft, spanIn: SpanIn): Reading {
  const { signal, diagnostics: flaws } = parseSignal(draft.text)
  const said = (diagnostics: readonly Diagnostic[]) =>
    diagnostics.map((each) => moved(each, draft.place, spanIn))
  const before = [...draft.diagnostics, ...said(flaws)]
  if (signal === undefined || before.some(({ severity }) => severity === 'error')) {
    return { kind, diagnostics: before }
  }
  const lowered = lower(signal)
  const document = documentOf(draft, signal, lowered)
  const checked = checkDocument({ ...document, origins: originsOf(lowered, draft.place, spanIn) })
  return { kind, document, diagnostics: [...before, ...said(remarksOn(signal, draft.text)), ...checked] }
}

type Place = (offset: number) => number

/** A diagnostic about the signal's text, pointing into the upload that holds it. */
function moved(diagnostic: Diagnostic, place: Place, spanIn: SpanIn): Diagnostic {
  if (diagnostic.span === undefined) return diagnostic
  const { from, to } = diagnostic.span
  return { ...diagnostic, span: spanIn({ from: place(from), to: place(to) }) }
}

function originsOf(
  { condition, written }: LoweredSignal,
  place: Place,
  spanIn: SpanIn,
): ReadonlyMap<string, Span> {
  const origins = new Map<string, Span>()
  visit(condition, (node, at) => {
    const range = written.get(node)
    if (range) origins.set(at.join('.'), spanIn({ from: place(range.from), to: place(range.to) }))
  })
  return origins
}

function documentOf(draft: SignalDraft, signal: Signal, lowered: LoweredSignal): IntelDocument {
  const { name, description, text, platforms, techniques } = draft
  const version = draft.version ?? syntaxVersion(signal)
  const { contents, textAt } = contentsOf(draft, version)
  return {
    kind,
    typeVersion: '1.0',
    intrinsicId: name,
    name,
    description,
    platforms,
    techniques,
    contents,
    compiled: printCompiled(signal, text, version),
    subject: 'process',
    condition: lowered.condition,
    origins: originsOf(lowered, offsetInLiteral(contents, textAt), lineTable(contents)),
    blobs: new Map(),
  }
}
