import { RE2JS } from 're2js'

const longest = 8_192

/** Why a regular expression cannot be used; nothing if it can. */
export function flawOfPattern(pattern: string): string | undefined {
  if (pattern.length > longest) return `the pattern is longer than ${longest} characters`
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
