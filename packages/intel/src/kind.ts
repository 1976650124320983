import type { Kind } from '@tocsin/model'
import type { Hints } from './document.ts'
import { headOf } from './sniff/head.ts'
import { sniffJson } from './sniff/json.ts'
import { looksLikeSigma, looksLikeSignal, looksLikeYara } from './sniff/text.ts'
import { sniffXml } from './sniff/xml.ts'

/**
 * What a body is. The rule: a body whose shape is unmistakable is what it looks like, whatever its hints say
 * (old clients send YARA as `file.ioc`); otherwise a header's kind counts, then the file name's extension.
 * `null`: neither the body nor a hint tells.
 */
export function sniffKind(bytes: Uint8Array, hints: Hints): Kind | null {
  const shape = shapeOf(bytes)
  if (shape.kind !== null) return shape.kind
  const claimed = claimedKind(hints)
  return claimed !== undefined && shape.candidates.includes(claimed) ? claimed : null
}

/** The kind that a header names, else the one that the file name's extension stands for. */
export function claimedKind(hints: Hints): Kind | undefined {
  return hints.kind ?? kindOfExtension(extensionOf(hints.fileName))
}

interface Shape {
  /** Set where the body is unmistakable. */
  readonly kind: Kind | null
  /** What a body of this form can be, if a hint says so. */
  readonly candidates: readonly Kind[]
}

const xmlKinds: readonly Kind[] = ['openioc', 'stix', 'cybox']
const jsonKinds: readonly Kind[] = ['tanium-signal', 'stix2', 'misp']
const textKinds: readonly Kind[] = ['tanium-signal', 'yara', 'sigma', 'list']

function shapeOf(bytes: Uint8Array): Shape {
  const head = headOf(bytes)
  if (head.startsWith('<')) return { kind: sniffXml(head) ?? null, candidates: xmlKinds }
  if (/^[{[]/.test(head)) return { kind: sniffJson(bytes) ?? null, candidates: jsonKinds }
  if (looksLikeYara(head)) return { kind: 'yara', candidates: [] }
  if (looksLikeSignal(head)) return { kind: 'tanium-signal', candidates: [] }
  if (looksLikeSigma(head)) return { kind: 'sigma', candidates: [] }
  return { kind: null, candidates: textKinds }
}

const extensions: ReadonlyMap<string, Kind> = new Map([
  ['ioc', 'openioc'],
  ['stix', 'stix'],
  ['cybox', 'cybox'],
  ['yara', 'yara'],
  ['yar', 'yara'],
  ['signal', 'tanium-signal'],
  ['stix2', 'stix2'],
  ['yml', 'sigma'],
  ['yaml', 'sigma'],
  ['misp', 'misp'],
  ['txt', 'list'],
  ['csv', 'list'],
  ['tsv', 'list'],
  ['md5', 'list'],
  ['sha1', 'list'],
  ['sha256', 'list'],
])

function kindOfExtension(extension: string): Kind | undefined {
  return extensions.get(extension)
}

function extensionOf(fileName: string | undefined): string {
  const name = fileName ?? ''
  return name.includes('.') ? name.slice(name.lastIndexOf('.') + 1).toLowerCase() : ''
}
