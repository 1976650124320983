import type { Condition, Micros } from '@tocsin/model'
import { attributeOf, childNamed, childrenNamed, type XmlElement } from '../../xml/tree.ts'
import type { Reader } from '../cybox/reader.ts'
import { isNever } from '../lowering/compose.ts'
import { microsOf } from '../lowering/literals.ts'
import { type Validity, validAt } from '../lowering/validity.ts'

/** The condition in the times in which its indicator is valid; in any of them, where there are several. */
export function withValidity(condition: Condition, indicator: XmlElement, reader: Reader): Condition {
  const positions = childrenNamed(indicator, 'Valid_Time_Position')
  const times = positions.map((position) => validityOf(position, reader))
  const bounded = times.filter((time) => time !== undefined)
  if (bounded.length < positions.length || bounded.length === 0 || isNever(condition)) return condition
  const [first, ...others] = bounded.map((time) => validAt(time, condition))
  if (first === undefined) return condition
  return others.length === 0 ? first : { kind: 'or', parts: [first, ...others] }
}

/** Nothing where it bounds nothing: it is valid at any time. */
function validityOf(position: XmlElement, reader: Reader): Validity | undefined {
  const from = timeOf(childNamed(position, 'Start_Time'), reader)
  const until = timeOf(childNamed(position, 'End_Time'), reader, true)
  return from === undefined && until === undefined ? undefined : { from, until }
}

const hour = 3_600_000_000
const precisions: Readonly<Record<string, Micros>> = { day: 24 * hour, hour, minute: 60_000_000 }

/** The end of a time that is told by the day, hour or minute is the end of that. */
function timeOf(element: XmlElement | undefined, reader: Reader, isEnd = false): Micros | undefined {
  const text = element?.text.trim() ?? ''
  if (element === undefined || text === '') return undefined
  const time = microsOf(text)
  if (time === undefined) {
    const message = `"${text.slice(0, 40)}" is no time; the indicator counts at any time`
    reader.findings.sayOnce({ code: 'STX005', severity: 'warning', message, at: element })
    return undefined
  }
  const length = precisions[attributeOf(element, 'precision') ?? ''] ?? 0
  if (length === 0) return time
  const start = time - (time % length)
  return isEnd ? start + length : start
}
