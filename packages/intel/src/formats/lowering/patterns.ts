import { heaviestPattern, patternWeight } from '@tocsin/model'
import { RE2JS } from 're2js'

const longest = 8_192
const mostRemembered = 1_000

const remembered = new Map<string, string | undefined>()

/** Why a regular expression cannot be used; nothing if it can. Readers ask several times for each. */
export function flawOfPattern(pattern: string): string | undefined {
  if (pattern.length > longest) return `the pattern is longer than ${longest} characters`
  if (remembered.has(pattern)) return remembered.get(pattern)
  const flaw = flawIn(pattern)
  if (remembered.size === mostRemembered) remembered.clear()
  remembered.set(pattern, flaw)
  return flaw
}

function flawIn(pattern: string): string | undefined {
  if (patternWeight(pattern) > heaviestPattern) return 'the pattern is too large: it repeats too much'
  try {
    RE2JS.compile(pattern)
    return undefined
  } catch (error) {
    return `the pattern is not RE2 syntax: ${error instanceof Error ? error.message : String(error)}`
  }
}

/** Text as a pattern that matches just this text. */
export function quoted(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}
