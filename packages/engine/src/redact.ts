import { patternOf } from './compare/pattern.ts'

/** What stands for text that was blacked out. */
export const blackedOut = '[redacted]'
/** Longer texts are blacked out whole: a pattern takes a time that grows with them. */
const longestText = 32_768

/**
 * A function that blacks out what the patterns match: of a pattern with a group, what the group matched. Throws what RE2
 * says of a pattern that it refuses.
 */
export function redactorOf(patterns: readonly string[]): (text: string) => string {
  const compiled = patterns.map((source) => patternOf(source, true))
  return (text) => {
    if (compiled.length > 0 && text.length > longestText) return blackedOut
    return compiled.reduce(without, text)
  }
}

function without(text: string, pattern: ReturnType<typeof patternOf>): string {
  const matcher = pattern.matcher(text)
  const group = matcher.groupCount() > 0 ? 1 : 0
  let kept = ''
  let at = 0
  while (matcher.find()) {
    const [from, to] = [matcher.start(group), matcher.end(group)]
    if (from < at || to <= from) continue // the group took no part, or nothing was matched
    kept += text.slice(at, from) + blackedOut
    at = to
  }
  return kept + text.slice(at)
}
