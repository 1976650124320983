/** The value of a field as it is written; nothing if the record has none. */
export function fieldOf(text: string, name: string): string | undefined {
  return patternOf(name).exec(text)?.[1]
}

export function numberOf(text: string, name: string): number | null {
  const value = fieldOf(text, name)
  return value !== undefined && /^-?\d{1,15}$/.test(value) ? Number(value) : null
}

/** The value without its quotes or hexadecimal; nothing where it is missing or `(null)`. */
export function textOf(text: string, name: string): string | undefined {
  const value = fieldOf(text, name)
  return value === undefined || value === '(null)' || value === '?' ? undefined : utf8(bytesOf(value))
}

/** Quoted as it is; hexadecimal where it holds blanks, quotes or bytes that are no ASCII. */
export function bytesOf(value: string): Uint8Array {
  if (value.startsWith('"')) return plainBytes(value.slice(1, -1))
  return /^(?:[0-9A-F]{2})+$/.test(value) ? bytesOfHex(value) : plainBytes(value)
}

/** As far as the text is hexadecimal. */
export function bytesOfHex(hex: string): Uint8Array {
  const digits = /^[0-9a-f]*/i.exec(hex)?.[0] ?? ''
  return Uint8Array.from({ length: digits.length >> 1 }, (_, at) =>
    Number.parseInt(digits.slice(at * 2, at * 2 + 2), 16),
  )
}

export function utf8(bytes: Uint8Array): string {
  return decoder.decode(bytes)
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** The kernel writes bytes, which whoever read the record took for Latin-1, or for UTF-8 where it can be nothing else. */
function plainBytes(text: string): Uint8Array {
  for (let at = 0; at < text.length; at += 1) {
    if (text.charCodeAt(at) > 0xff) return new TextEncoder().encode(text)
  }
  return Uint8Array.from({ length: text.length }, (_, at) => text.charCodeAt(at))
}

const patterns = new Map<string, RegExp>()

/** Names are ours: a few, and without a character that a pattern would read otherwise. */
function patternOf(name: string): RegExp {
  const known = patterns.get(name)
  if (known !== undefined) return known
  const pattern = new RegExp(`(?:^| )${name}=("[^"]*"|\\S*)`)
  patterns.set(name, pattern)
  return pattern
}
