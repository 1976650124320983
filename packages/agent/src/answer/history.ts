import type { EventObject } from '@tocsin/model'
import type { HistoryRow } from '../journal/questions.ts'
import { type Tools, Unanswerable } from './answerer.ts'

const pageRows = 500
const units = { m: 60_000_000, h: 3_600_000_000, d: 86_400_000_000 } as const

/** `12h` before now, µs. */
export function sinceOf(text: string, usual: string): number {
  const [, count, unit] = /^(\d{1,6})([mhd])$/.exec(text.trim() === '' ? usual : text.trim()) ?? []
  if (count === undefined || (unit !== 'm' && unit !== 'h' && unit !== 'd'))
    throw new Unanswerable('how far back is a number with m, h or d, such as 12h')
  return Date.now() * 1_000 - Number(count) * units[unit]
}

export interface Wanted {
  readonly view: EventObject
  /** The property that the filter is a part of. */
  readonly property: string
  readonly filter: string
  readonly from: number
}

/** Recorded events, the newest first. */
export async function* recorded(
  { view, property, filter, from }: Wanted,
  { facts, missed, abort }: Tools,
): AsyncIterable<HistoryRow> {
  const where = filter === '' ? [] : [{ property, comparison: 'contains' as const, value: filter }]
  let cursor: string | undefined
  do {
    abort.throwIfAborted()
    const page = await facts.events({
      ...{ view, from, where, limit: pageRows },
      ...(cursor === undefined ? {} : { cursor }),
    })
    yield* page.rows
    if (!page.isWhole || page.missing.length > 0) missed('a part of the journal was not read')
    cursor = page.cursor ?? undefined
  } while (cursor !== undefined)
}
