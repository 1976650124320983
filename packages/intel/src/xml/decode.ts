import type { Diagnostic } from '@tocsin/model'
import type { XmlCode } from './codes.ts'

/** Bodies above this are refused before they are decoded. */
export const largestBody = 64 * 1024 * 1024

/** The text of an XML body; `text` is missing if and only if a diagnostic is an error. */
export interface Decoded {
  readonly text?: string
  readonly diagnostics: readonly Diagnostic[]
}

type Decoder = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252'

/** Declared names, lower case, and how they are read. ISO-8859-1 is read as its superset, like browsers do. */
const decoders: Readonly<Record<string, Decoder>> = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  'us-ascii': 'utf-8',
  ascii: 'utf-8',
  'utf-16': 'utf-16le',
  'utf-16le': 'utf-16le',
  'utf-16be': 'utf-16be',
  'iso-8859-1': 'windows-1252',
  latin1: 'windows-1252',
  'windows-1252': 'windows-1252',
}

/** Decodes an XML body: the byte order mark decides, then the shape of the first bytes, then the declaration. */
export function decodeXml(bytes: Uint8Array): Decoded {
  if (bytes.length > largestBody) return refused('XML002', 'the document is larger than 64 MiB')
  if (bytes.length === 0) return refused('XML001', 'the document is empty')
  const declared = declaredEncoding(bytes)
  const shown = encodingByFirstBytes(bytes)
  if (shown === 'utf-32') return refused('XML003', 'UTF-32 is not read', 'save the document as UTF-8')
  if (shown !== undefined) return decodeAs(shown, bytes, contradiction(shown, declared))
  if (declared === undefined) return decodeAs('utf-8', bytes, [])
  const named = Object.hasOwn(decoders, declared) ? decoders[declared] : undefined
  if (named === undefined) {
    return refused('XML003', `the encoding "${declared}" is not read`, 'save the document as UTF-8')
  }
  // Eight-bit bytes that call themselves UTF-16: what .NET's StringWriter leaves behind.
  if (named.startsWith('utf-16')) return decodeAs('utf-8', bytes, contradiction('utf-8', declared))
  if (named === 'utf-8' && declared.includes('ascii') && bytes.some((byte) => byte > 0x7f)) {
    return decodeAs('utf-8', bytes, contradiction('utf-8', declared))
  }
  return decodeAs(named, bytes, [])
}

function encodingByFirstBytes(bytes: Uint8Array): Decoder | 'utf-32' | undefined {
  const [first = 1, second = 1, third = 1, fourth = 1] = bytes
  if (first === 0xff && second === 0xfe) return third === 0 && fourth === 0 ? 'utf-32' : 'utf-16le'
  if (first === 0 && second === 0) return 'utf-32'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8'
  if (first === 0x3c && second === 0) return 'utf-16le'
  if (first === 0 && second === 0x3c) return 'utf-16be'
  return undefined
}

/** The encoding that the XML declaration names; only its own text is looked at. */
function declaredEncoding(bytes: Uint8Array): string | undefined {
  const start = new TextDecoder('windows-1252').decode(bytes.subarray(0, 512)).replaceAll('\u0000', '')
  const declaration = /<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z][\w.-]{0,40})["']/.exec(start)
  return declaration?.[1]?.toLowerCase()
}

function contradiction(used: Decoder, declared: string | undefined): readonly Diagnostic[] {
  if (declared === undefined || declared === used) return []
  if (Object.hasOwn(decoders, declared) && !declared.includes('ascii')) {
    const meant = decoders[declared]
    if (meant === used || (declared === 'utf-16' && used.startsWith('utf-16'))) return []
  }
  const message = `the declaration says "${declared}", the bytes are ${used}; they were read as ${used}`
  return [{ code: 'XML005', severity: 'warning', message }]
}

function decodeAs(encoding: Decoder, bytes: Uint8Array, diagnostics: readonly Diagnostic[]): Decoded {
  try {
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes), diagnostics }
  } catch {
    return { diagnostics: [...diagnostics, undecodable(encoding, bytes)] }
  }
}

function undecodable(encoding: Decoder, bytes: Uint8Array): Diagnostic {
  const lenient = new TextDecoder(encoding).decode(bytes)
  const from = Math.max(0, lenient.indexOf('\ufffd'))
  const before = lenient.slice(0, from).split('\n')
  const column = (before.at(-1) ?? '').length + 1
  return {
    code: 'XML004',
    severity: 'error',
    message: `the bytes are not ${encoding}`,
    span: { from, to: from + 1, line: before.length, column },
    hint: 'name the encoding in the XML declaration, or save the document as UTF-8',
  }
}

function refused(code: XmlCode, message: string, hint?: string): Decoded {
  return { diagnostics: [{ code, severity: 'error', message, ...(hint === undefined ? {} : { hint }) }] }
}
