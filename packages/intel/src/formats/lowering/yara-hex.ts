/** Longer ones are no pattern of bytes but a file. */
const longest = 8_192
const deepest = 8

/**
 * A hex string as YARA writes it between braces, or why it is none. Bytes, `?` for a nibble, jumps such as `[4-6]`
 * and alternatives such as `( 62 B4 | 56 )`.
 */
export function yaraHexOf(text: string): string | { readonly flaw: string } {
  const bare = text.trim().replace(/^\{|\}$/g, '')
  if (bare.length > longest) return { flaw: `the hex string is longer than ${longest} characters` }
  const tokens = bare.match(/~?[0-9A-Fa-f?]{2}|\[[^\]]*\]|[()|]|\S/g) ?? []
  const flaw = flawOfTokens(tokens)
  return flaw === undefined ? `{ ${tokens.map((token) => token.replace(/\s/g, '')).join(' ')} }` : { flaw }
}

function flawOfTokens(tokens: readonly string[]): string | undefined {
  let depth = 0
  let before = '('
  let hasByte = false
  for (const token of [...tokens, ')']) {
    const flaw = flawOfToken(token, before, depth)
    if (flaw !== undefined) return flaw
    if (token === '(') depth += 1
    if (token === ')') depth -= 1
    if (/^[0-9A-F]{2}$/i.test(token)) hasByte = true
    if (depth > deepest) return 'the alternatives are nested too deeply'
    before = token
  }
  if (depth !== -1) return 'a parenthesis of the hex string is not closed'
  return hasByte ? undefined : 'the hex string has no whole byte'
}

function flawOfToken(token: string, before: string, depth: number): string | undefined {
  const isAfterByte = before !== '(' && before !== '|'
  if (/^~?[0-9A-F?]{2}$/i.test(token)) return token === '~??' ? 'no byte is left by ~??' : undefined
  if (token === '(') return undefined
  if (token === '|')
    return isAfterByte && !isJump(before) && depth > 0 ? undefined : 'an alternative is empty'
  if (token === ')') return isAfterByte && !isJump(before) ? undefined : 'the hex string ends without a byte'
  if (!isJump(token)) return `“${token}” is no part of a hex string`
  if (!isAfterByte) return 'a jump has no byte before it'
  return flawOfJump(token, depth)
}

function isJump(token: string): boolean {
  return token.startsWith('[')
}

function flawOfJump(token: string, depth: number): string | undefined {
  const jump = /^\[\s*(\d{1,5})?\s*(-)?\s*(\d{1,5})?\s*\]$/.exec(token)
  if (jump === null) return `“${token.slice(0, 20)}” is no jump`
  const [, low, dash, high] = jump
  if (dash === undefined)
    return low === undefined || Number(low) === 0 ? `${token} jumps over nothing` : undefined
  if (high === undefined) return depth > 0 ? 'a jump inside alternatives has no end' : undefined
  return Number(low ?? 0) > Number(high) ? `${token} ends before it starts` : undefined
}
