import { canonicalText } from '@tocsin/model'
import type { IntelDocument, Reading } from '../document.ts'
import { readSignals } from '../formats/signal/read-signal.ts'
import { decodeUtf8 } from '../text.ts'
import { layOutJson } from './lay-out-json.ts'
import { layOutSignal } from './lay-out-signal.ts'
import { layOutXml } from './lay-out-xml.ts'

export type LaidOut =
  | { readonly kind: 'laid out'; readonly text: string }
  /** The bytes stay as they are. */
  | { readonly kind: 'left'; readonly why: string }

/** A document in its canonical layout. `read` must be the reader of the document: what is laid out means what it meant. */
export function layOut(
  bytes: Uint8Array,
  document: IntelDocument,
  read: (bytes: Uint8Array) => Reading,
): LaidOut {
  const text = decodeUtf8(bytes)
  if (text === undefined) return { kind: 'left', why: 'it is not UTF-8' }
  const laidOut = layOutText(text, document)
  if (typeof laidOut !== 'string') return laidOut
  const isMarked = bytes[0] === 0xef && bytes[1] === 0xbb
  const whole = isMarked ? `\ufeff${laidOut}` : laidOut
  const again = read(new TextEncoder().encode(whole)).document
  if (again === undefined || !isAlike(again, document))
    return { kind: 'left', why: 'its layout is a part of what it means' }
  return { kind: 'laid out', text: whole }
}

/** An exchange file with several signals, which is no document by itself. */
export function layOutExchange(bytes: Uint8Array): LaidOut {
  const text = decodeUtf8(bytes)
  if (text === undefined || readSignals(bytes, {}).some(({ document }) => document === undefined))
    return { kind: 'left', why: 'one of its signals cannot be read' }
  return { kind: 'laid out', text: layOutJson(text) }
}

function layOutText(text: string, { kind }: IntelDocument): string | LaidOut {
  const first = /\S/.exec(text)?.[0] ?? ''
  switch (kind) {
    case 'tanium-signal':
      return first === '{' || first === '[' ? layOutJson(text) : layOutSignal(text)
    case 'stix2':
    case 'misp':
      return layOutJson(text)
    case 'openioc':
    case 'stix':
    case 'cybox':
      return isDeclaredOtherwise(text)
        ? { kind: 'left', why: 'it declares another encoding' }
        : layOutXml(text)
    case 'yara':
    case 'sigma':
      return { kind: 'left', why: `${kind === 'yara' ? 'YARA' : 'Sigma'} is not laid out` }
    case 'list':
      return { kind: 'left', why: 'lists are not laid out' }
  }
}

function isDeclaredOtherwise(text: string): boolean {
  const declared = /^<\?xml[^>]*?encoding\s*=\s*["']([^"']+)["']/.exec(text)?.[1]
  return declared !== undefined && !/^(?:utf-?8|us-ascii|ascii)$/i.test(declared)
}

function isAlike(one: IntelDocument, other: IntelDocument): boolean {
  return aboutOf(one) === aboutOf(other)
}

/** A signal without a name is named after its text, whose blanks may change. */
function aboutOf(document: IntelDocument): string {
  const { kind, condition, name, description, platforms, techniques, intrinsicId } = document
  const names = kind === 'tanium-signal' ? {} : { name, intrinsicId }
  return canonicalText({ ...names, condition, description, platforms, techniques })
}
