import type { Span } from '@tocsin/model'
import { lineTable } from '../../xml/line-table.ts'
import type { Place } from './pattern/ast.ts'

/** Where a pattern stands in the JSON text, and where a part of it does. */
export interface PatternPlace {
  readonly whole: Span
  spanOf(part: Place): Span
}

/** Patterns that are written in an unusual way are looked for at most so often. */
const mostMisses = 20

/** Finds patterns in the order in which they stand in the text; nothing for one that is spelled unusually. */
export function patternPlaces(text: string): (pattern: string) => PatternPlace | undefined {
  const spanAt = lineTable(text)
  let from = 0
  let misses = 0
  return (pattern) => {
    const written = JSON.stringify(pattern)
    const found = misses < mostMisses ? text.indexOf(written, from) : -1
    if (found < 0) {
      misses += 1
      return undefined
    }
    from = found + written.length
    const offsetOf = (at: number) => found + JSON.stringify(pattern.slice(0, at)).length - 1
    return {
      whole: spanAt({ from: found + 1, to: from - 1 }),
      spanOf: (part) => spanAt({ from: offsetOf(part.from), to: offsetOf(part.to) }),
    }
  }
}
