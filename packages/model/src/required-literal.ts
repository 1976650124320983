/** Quoted texts, classes by name and characters by number are not read. */
const unread = /\\[QpP\d]|\\x\{|\[:/

/**
 * The longest text that stands in everything a pattern finds; empty where none is seen. What is in groups, classes and
 * alternatives is passed over.
 */
export function requiredLiteral(pattern: string): string {
  if (unread.test(pattern)) return ''
  let longest = ''
  let run = ''
  const close = () => {
    if (run.length > longest.length) longest = run
    run = ''
  }
  for (let at = 0; at < pattern.length; ) {
    const piece = pieceAt(pattern, at)
    at = piece.to
    if (piece.isAlternative) return ''
    const isOptional = /[?*]|\{0/y
    isOptional.lastIndex = at
    if (piece.literal === '' || isOptional.test(pattern)) close()
    else run += piece.literal
    const quantifier = /[?*+]\??|\{\d+(?:,\d*)?\}\??/y
    quantifier.lastIndex = at
    const found = quantifier.exec(pattern)
    if (found !== null) {
      close()
      at = quantifier.lastIndex
    }
  }
  close()
  return longest
}

interface Piece {
  /** Empty: anything but one character. */
  readonly literal: string
  readonly to: number
  readonly isAlternative: boolean
}

function pieceAt(pattern: string, at: number): Piece {
  const first = pattern[at] ?? ''
  const piece = (literal: string, to: number): Piece => ({ literal, to, isAlternative: first === '|' })
  if (first === '\\') {
    const escaped = pattern[at + 1] ?? ''
    const hex = /x([\da-fA-F]{2})/y
    hex.lastIndex = at + 1
    const code = hex.exec(pattern)?.[1]
    if (code !== undefined) return piece(String.fromCharCode(Number.parseInt(code, 16)), at + 4)
    return piece(/\w/.test(escaped) ? '' : escaped, at + 2)
  }
  if (first === '[') return piece('', afterClass(pattern, at))
  if (first === '(') return piece('', afterGroup(pattern, at))
  return piece(/[.^$|]/.test(first) ? '' : first, at + 1)
}

function afterClass(pattern: string, from: number): number {
  let at = from + 1
  if (pattern[at] === '^') at += 1
  if (pattern[at] === ']') at += 1
  while (at < pattern.length && pattern[at] !== ']') at += pattern[at] === '\\' ? 2 : 1
  return at + 1
}

function afterGroup(pattern: string, from: number): number {
  let depth = 0
  for (let at = from; at < pattern.length; ) {
    const sign = pattern[at]
    if (sign === '(') depth += 1
    if (sign === ')') depth -= 1
    at = sign === '\\' ? at + 2 : sign === '[' ? afterClass(pattern, at) : at + 1
    if (depth === 0) return at
  }
  return pattern.length
}
