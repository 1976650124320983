/** The text that the bytes are in UTF-8; nothing if they are not. A byte order mark is left out. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

// Limit: JSON has at most 4,000,000 values and 10,000 levels.
/** Objects, lists and their members that a JSON text may have: parsed, they are many times its size. */
export const mostJsonValues = 4_000_000
export const deepestJson = 10_000

/** The value of a JSON text; nothing if it is not JSON, just null, or too large to be parsed. */
export function parseJson(text: string): unknown {
  if (flawOfJson(text) !== undefined) return undefined
  try {
    return JSON.parse(text) ?? undefined
  } catch {
    return undefined
  }
}

/** Why a JSON text is not parsed, found without parsing it; nothing if it may be. */
export function flawOfJson(text: string): string | undefined {
  let values = 0
  let depth = 0
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    if (unit === 0x22) at = endOfString(text, at)
    else if (unit === 0x5b || unit === 0x7b) {
      values += 1
      depth += 1
      if (depth > deepestJson) return `the JSON nests deeper than ${deepestJson} levels`
    } else if (unit === 0x5d || unit === 0x7d) depth -= 1
    else if (unit === 0x2c) values += 1
    if (values > mostJsonValues) return `the JSON has more than ${mostJsonValues} values`
  }
  return undefined
}

function endOfString(text: string, from: number): number {
  let at = from + 1
  while (at < text.length && text.charCodeAt(at) !== 0x22) at += text.charCodeAt(at) === 0x5c ? 2 : 1
  return at
}
