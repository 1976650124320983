import { decodeUtf8 } from './text.ts'

const longestHeader = 8_192
const longestName = 255

/**
 * The file name of a Content-Disposition header, in every spelling that clients send: with and without a type,
 * blanks around `=`, with and without quotes, and RFC 5987's `filename*`. Only a base name, never a path.
 */
export function parseDisposition(header: string): string | null {
  const parameters = parametersOf(header.slice(0, longestHeader))
  const extended = parameters.get('filename*')
  const name = (extended === undefined ? undefined : decodeExtended(extended)) ?? parameters.get('filename')
  return name === undefined ? null : baseName(asUtf8(name))
}

/** Splits at semicolons outside quotes; the first of two parameters with one name counts. */
function parametersOf(header: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>()
  for (const part of partsOf(header)) {
    const equals = part.indexOf('=')
    if (equals === -1) continue
    const name = part.slice(0, equals).trim().toLowerCase()
    if (!parameters.has(name)) parameters.set(name, unquoted(part.slice(equals + 1).trim()))
  }
  return parameters
}

function partsOf(header: string): readonly string[] {
  const parts: string[] = []
  let start = 0
  let inQuotes = false
  for (let at = 0; at < header.length; at += 1) {
    const character = header[at]
    if (inQuotes && character === '\\') at += 1
    else if (character === '"') inQuotes = !inQuotes
    else if (character === ';' && !inQuotes) {
      parts.push(header.slice(start, at))
      start = at + 1
    }
  }
  return [...parts, header.slice(start)]
}

/** Only quotes and backslashes are escaped: some clients send a whole path with plain backslashes. */
function unquoted(value: string): string {
  if (!value.startsWith('"')) return value
  const inner = value.length > 1 && value.endsWith('"') ? value.slice(1, -1) : value.slice(1)
  return inner.replace(/\\(["\\])/g, '$1')
}

// ext-value := charset "'" [language] "'" percent-encoded     (RFC 5987)
function decodeExtended(value: string): string | undefined {
  const found = /^(utf-8|iso-8859-1)'[^']*'(.*)$/i.exec(value)
  if (found === null) return undefined
  const bytes = percentDecoded(found[2] ?? '')
  try {
    const charset = found[1]?.toLowerCase() === 'utf-8' ? 'utf-8' : 'windows-1252'
    return new TextDecoder(charset, { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function percentDecoded(text: string): Uint8Array {
  const bytes: number[] = []
  for (const found of text.matchAll(/%([\da-fA-F]{2})|([^%]+|%)/g)) {
    if (found[1] !== undefined) bytes.push(Number.parseInt(found[1], 16))
    else bytes.push(...new TextEncoder().encode(found[2]))
  }
  return Uint8Array.from(bytes)
}

/** Node reads headers as Latin-1; many clients write UTF-8 into them. */
function asUtf8(name: string): string {
  if (!/[\u0080-\u00ff]/.test(name) || /[^\u0000-\u00ff]/.test(name)) return name
  return decodeUtf8(Uint8Array.from(name, (character) => character.charCodeAt(0))) ?? name
}

/** What stands behind the last separator, without characters that have no shape; nothing if no name is left. */
function baseName(path: string): string | null {
  const name = (path.split(/[/\\]/).at(-1) ?? '')
    .replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, '')
    .toWellFormed()
    .trim()
  if (name === '' || name === '.' || name === '..') return null
  if (name.length <= longestName) return name
  const extension = /\.[^.]{1,16}$/.exec(name)?.[0] ?? ''
  return name.slice(0, longestName - extension.length).toWellFormed() + extension
}
