const ascii = /^[\u0000-\u007f]*$/

/**
 * Simple Unicode case folding: each code point becomes the lower case of its upper case where both are one code
 * point, so `K` (Kelvin) meets `k` and `ς` meets `σ`, while `ß` and `İ` stay as they are.
 */
export function fold(text: string): string {
  if (ascii.test(text)) return text.toLowerCase()
  let folded = ''
  for (const point of text) folded += foldPoint(point)
  return folded
}

function foldPoint(point: string): string {
  const upper = point.toUpperCase()
  if (lengthOf(upper) !== 1) return point
  const lower = upper.toLowerCase()
  return lengthOf(lower) === 1 ? lower : point
}

function lengthOf(text: string): number {
  return text.length === 2 && text.charCodeAt(0) >= 0xd800 && text.charCodeAt(0) <= 0xdbff ? 1 : text.length
}
