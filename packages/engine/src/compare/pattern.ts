import { heaviestPattern, patternWeight } from '@tocsin/model'
import { RE2JS } from 're2js'

/** Longer patterns are refused when a program is loaded. */
export const longestPattern = 8_192
const mostCached = 20_000

const compiled = new Map<string, RE2JS>()

/** A pattern in RE2 syntax, linear in time; throws what RE2 says of a pattern that it refuses. */
export function patternOf(source: string, exact: boolean): RE2JS {
  const key = `${exact ? 'e' : 'f'}${source}`
  const cached = compiled.get(key)
  if (cached !== undefined) return cached
  if (source.length > longestPattern)
    throw new RangeError(`the pattern is longer than ${longestPattern} characters`)
  if (patternWeight(source) > heaviestPattern) throw new RangeError('the pattern is too large')
  const pattern = RE2JS.compile(source, exact ? RE2JS.DOTALL : RE2JS.DOTALL | RE2JS.CASE_INSENSITIVE)
  if (compiled.size >= mostCached) compiled.clear()
  compiled.set(key, pattern)
  return pattern
}
