import { type Condition, type Diagnostic, type Digest, type Micros, type Span, visit } from '@tocsin/model'
import type { YaraValidator } from '../../document.ts'
import { anyOf, isNever } from '../lowering/compose.ts'
import { type Validity, validAt } from '../lowering/validity.ts'
import type { Bundle, Indicator } from './indicators.ts'
import { lowerPattern, never } from './lower.ts'
import { otherLanguage } from './other-languages.ts'
import { checkPattern } from './pattern/check-pattern.ts'
import { parsePattern } from './pattern/parse-pattern.ts'
import { type PatternPlace, patternPlaces } from './places.ts'
import { diagnostic, remarksOn } from './remarks.ts'
import type { Shared } from './shared.ts'
import { endpointViews } from './vocabulary.ts'

export interface ReadIndicators {
  readonly condition: Condition
  /** Where the nodes were written. */
  readonly spans: ReadonlyMap<Condition, Span>
  readonly blobs: ReadonlyMap<Digest, Uint8Array>
  readonly diagnostics: readonly Diagnostic[]
}

/** Lowers the indicators of a bundle; any of them will do, each in the time in which it is valid. */
export function readIndicators(bundle: Bundle, text: string, yara: YaraValidator): ReadIndicators {
  const placeOf = patternPlaces(text)
  const shared: Shared = { yara, blobs: new Map(), remarks: remarksOn() }
  const spans = new Map<Condition, Span>()
  for (const { id, why, isExpected } of bundle.leftOut) {
    const severity = isExpected ? 'note' : 'warning'
    shared.remarks.say(diagnostic('ST2003', severity, `${id.slice(0, 80)} is left out: ${why}`))
  }
  const read = bundle.indicators.flatMap((indicator) => {
    const place = placeOf(indicator.pattern)
    const part =
      indicator.language === 'stix'
        ? conditionOf(indicator, place, shared)
        : otherLanguage(indicator, place?.whole, shared)
    if (part === undefined) return []
    if (place !== undefined) visit(part, (node) => spans.set(node, place.whole))
    return [{ part, validity: indicator.validity }]
  })
  const condition = anyOf(inTheirTime(read), never)
  if (read.length === 0) {
    const message = 'there is no indicator whose pattern can be read'
    shared.remarks.say(diagnostic('ST2002', 'error', message))
  } else if (isNever(condition)) {
    shared.remarks.say(diagnostic('ST2005', 'warning', 'no indicator is left that could match'))
  }
  return { condition, spans, blobs: shared.blobs, diagnostics: shared.remarks.diagnostics() }
}

/** Nothing where the pattern cannot be read; the others count all the same. */
function conditionOf(
  { id, pattern: text }: Indicator,
  place: PatternPlace | undefined,
  { remarks, blobs }: Shared,
): Condition | undefined {
  const { pattern, problems } = parsePattern(text)
  const flaw = problems.find(({ severity }) => severity === 'error')
  if (pattern === undefined || flaw !== undefined) {
    const message = `the pattern of ${id} is left out: ${flaw?.message ?? 'nobody can read it'}`
    remarks.say(diagnostic('ST2004', 'warning', message, place && flaw && place.spanOf(flaw.place)))
    return undefined
  }
  for (const { code, severity, message, place: at } of [...problems, ...checkPattern(pattern)])
    remarks.say(diagnostic(code, severity, message, place?.spanOf(at)))
  const said = new Set<string>()
  return lowerPattern(pattern, {
    views: endpointViews,
    blobs,
    say: ({ code, message, place: at }) => {
      // A value that does not fit is told once, not once for every way in which it could show.
      if (said.size === said.add(`${code} ${at.from}`).size) return
      const remark = diagnostic(code, 'warning', message, place?.spanOf(at))
      if (code === 'ST2009') remarks.sayOnce(remark)
      else remarks.say(remark)
    },
  })
}

interface Timed {
  readonly part: Condition
  readonly validity: Validity
}

/** So many times stand in a condition as they are; a feed that gives each indicator its own would burst it. */
const mostTimes = 200
const day: Micros = 86_400_000_000

// Limit: beyond 200 different times of validity in one STIX 2 document, an indicator counts from the start of its first day.
/** Indicators that are valid in the same time are limited together. */
function inTheirTime(read: readonly Timed[]): readonly Condition[] {
  const exact = Map.groupBy(read, ({ validity }) => keyOf(validity))
  const groups =
    exact.size <= mostTimes ? exact : Map.groupBy(read, ({ validity }) => keyOf(byTheDay(validity)))
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    const validity = exact.size <= mostTimes ? first.validity : byTheDay(first.validity)
    const parts = group.map(({ part }) => part)
    return [validAt(validity, parts.length === 1 ? first.part : anyOf(parts, never))]
  })
}

function keyOf({ from, until }: Validity): string {
  return `${from} ${until}`
}

function byTheDay({ from, until }: Validity): Validity {
  return { from: from === undefined ? undefined : from - (from % day), until }
}
