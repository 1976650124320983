import { type Condition, type Diagnostic, digestOfBytes, storableText } from '@tocsin/model'
import { spanAt } from '../../diagnostics.ts'
import type { Hints, IntelDocument, Reading, YaraValidator } from '../../document.ts'
import { decodeUtf8 } from '../../text.ts'
import { checkRules } from './check-rules.ts'
import { checkStrings } from './check-strings.ts'
import type { YaraCode } from './codes.ts'
import { engineNeeds } from './engines.ts'
import { placeOf } from './place-of.ts'
import { scanRules, type YaraOutline } from './scan-rules.ts'

/** Large collections of rules have some 10 MiB; compiling them takes a quarter of a minute. */
const largest = 16 * 1024 * 1024

/** Reads YARA rules: one document, one blob, true if any of its rules is. */
export function readYara(bytes: Uint8Array, hints: Hints, yara: YaraValidator): Reading {
  if (bytes.length > largest) {
    const message = 'the text is larger than 16 MiB'
    return { kind: 'yara', diagnostics: [{ code: 'YAR009', severity: 'error', message }] }
  }
  const { source, diagnostics: decoding } = decode(bytes)
  const outline = scanRules(source)
  const refusals = refusalsOf(source, outline)
  if (refusals.length > 0) return { kind: 'yara', diagnostics: [...decoding, ...refusals] }
  const needs = engineNeeds(outline, yara.validate(source))
  const said = needs.diagnostics.map(({ code, severity, message, from, to, hint }): Diagnostic => {
    const span = spanAt(source, from, to)
    return { code, severity, message, span, ...(hint === undefined ? {} : { hint }) }
  })
  const diagnostics = [...decoding, ...said, ...checkRules(source, outline)]
  if (diagnostics.some(({ severity }) => severity === 'error')) return { kind: 'yara', diagnostics }
  const places = new Set(said.map(({ span }) => span?.from))
  const slow = checkStrings(source, outline).filter(({ span }) => !places.has(span?.from))
  const document = documentOf(source, outline, hints, needs.engines)
  return { kind: 'yara', document, diagnostics: [...diagnostics, ...slow] }
}

/** YARA texts carry no encoding; what is not UTF-8 was written on an old Windows. */
function decode(bytes: Uint8Array): { readonly source: string; readonly diagnostics: readonly Diagnostic[] } {
  const text = decodeUtf8(bytes)
  if (text !== undefined) return { source: text, diagnostics: [] }
  const message = 'the text is not UTF-8; it was read as Windows-1252'
  const source = new TextDecoder('windows-1252').decode(bytes)
  return { source, diagnostics: [{ code: 'YAR001', severity: 'warning', message }] }
}

function refusalsOf(source: string, { rules, includes }: YaraOutline): readonly Diagnostic[] {
  const refuse = (code: YaraCode, message: string, hint: string, from: number, to: number): Diagnostic => {
    return { code, severity: 'error', message, hint, span: spanAt(source, from, to) }
  }
  const including = includes.map(({ name, from, to }) => {
    const hint = 'a document is one text: put the rules of the included file into it'
    return refuse('YAR005', `“${name}” cannot be included`, hint, from, to)
  })
  if (rules.length > 0 || including.length > 0) return including
  return [refuse('YAR002', 'there is no rule in the text', 'write rule name { condition: … }', 0, 0)]
}

function documentOf(
  source: string,
  outline: YaraOutline,
  hints: Hints,
  engines: readonly ('libyara' | 'yara-x')[],
): IntelDocument {
  const { rules, imports } = outline
  const blob = new TextEncoder().encode(source)
  const digest = digestOfBytes(blob)
  const first = rules[0]
  const intrinsicId = hints.fileName || first?.name || 'yara'
  const description = hints.description ?? first?.meta.get('description')
  const modules = [...new Set(imports.map(({ name }) => name))].sort()
  const condition: Condition = { kind: 'content', source: digest, engines, modules, of: placeOf(outline) }
  return {
    kind: 'yara',
    typeVersion: '4',
    intrinsicId,
    name: hints.name || intrinsicId,
    description: description === undefined ? null : storableText(description),
    platforms: hints.platforms ?? [],
    techniques: techniquesOf(rules),
    contents: source,
    compiled: null,
    subject: 'host',
    condition,
    origins: new Map([['', spanAt(source, first?.from ?? 0, rules.at(-1)?.to ?? source.length)]]),
    blobs: new Map([[digest, blob]]),
  }
}

/** Rules name techniques in their meta data, under a key of their choice. */
function techniquesOf(rules: YaraOutline['rules']): IntelDocument['techniques'] {
  const values = rules.flatMap(({ meta }) => [...meta].filter(([key]) => /mitre|attack|technique/i.test(key)))
  const ids = values.flatMap(([, value]) => value.slice(0, 1_000).match(/\bT\d{4}(?:\.\d{3})?\b/g) ?? [])
  return [...new Set(ids)].slice(0, 200).map((id) => ({ id, name: '' }))
}
