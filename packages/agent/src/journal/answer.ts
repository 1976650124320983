import type { BlindInterval, Micros, ProcessFacts, ProcessKey } from '@tocsin/model'
import { Events, eventAt, type Reading } from './events.ts'
import type {
  Completeness,
  HistoryBlind,
  HistoryCounts,
  HistoryFilter,
  HistoryPage,
  HistoryQuestion,
  HistoryRow,
  ProcessesKnown,
} from './questions.ts'
import { type Place, Sweep } from './sweep.ts'

const mostRows = 10_000

/** One page of what happened, the newest first. */
export async function page(reading: Reading, question: HistoryQuestion): Promise<HistoryPage> {
  const limit = Math.min(question.limit, mostRows)
  const end = endOf(question.cursor)
  const to = Math.min(question.to ?? Number.MAX_SAFE_INTEGER, end.at)
  const events = new Events(reading, { ...question, to })
  const rows: HistoryRow[] = []
  let cursor: string | null = null
  for await (const place of events.places('newest-first')) {
    if (place.at === end.at && place.id >= end.id) continue
    if (rows.length === limit) {
      cursor = cursorOf(rows, question)
      break
    }
    rows.push(rowOf(reading, place))
  }
  if (!events.isWhole) cursor = cursorOf(rows, question)
  return { rows, cursor, ...completenessOf(reading, events.isWhole) }
}

/** How often each operation happened. */
export async function counts(reading: Reading, filter: HistoryFilter): Promise<HistoryCounts> {
  const events = new Events(reading, filter)
  const counted = new Map<string, Map<string, number>>()
  for await (const { block, index } of events.places('oldest-first')) {
    const object = block.objectOf(index) ?? ''
    const operation = block.operationOf(index)
    const ofObject = counted.get(object) ?? new Map<string, number>()
    counted.set(object, ofObject)
    ofObject.set(operation, (ofObject.get(operation) ?? 0) + (block.times[index] ?? 0))
  }
  const counts = Object.fromEntries(
    [...counted].map(([object, ofObject]) => [object, Object.fromEntries(ofObject)]),
  )
  return { counts, ...completenessOf(reading, events.isWhole) }
}

/** What was known last of processes; one that the journal does not know is left out. */
export async function facts(reading: Reading, keys: readonly ProcessKey[]): Promise<ProcessesKnown> {
  const processes: ProcessFacts[] = []
  for (const key of keys) {
    const known = await reading.processes.latest(key)
    if (known !== undefined) processes.push(known)
  }
  return { processes, ...completenessOf(reading, true) }
}

/** Blind intervals that the journal noted in the time, also those of its own. */
export async function blind(reading: Reading, from: Micros, to: Micros): Promise<HistoryBlind> {
  const sweep = new Sweep(reading.history, {
    ...{ from, to, order: 'oldest-first' },
    narrow: (_, blocks) => blocks.filter(({ counts }) => counts.blind !== undefined),
    isWanted: (block, index) => block.isBlind(index),
  })
  const intervals: BlindInterval[] = []
  for await (const places of sweep.places(reading.breath)) {
    for (const { block, index } of places) {
      const entry = block.entryOf(index)
      if (entry.kind === 'blind') intervals.push(entry.interval)
    }
  }
  return { intervals, ...completenessOf(reading, sweep.isWhole) }
}

export function completenessOf({ history, processes }: Reading, isWhole: boolean): Completeness {
  return { isWhole: isWhole && processes.isWhole, missing: history.missing() }
}

function rowOf({ processes }: Reading, place: Place): HistoryRow {
  const { event, times, lastAt } = eventAt(place)
  return { event, times, lastAt, process: processes.at(event.actor, event.at) ?? null }
}

/** A page goes on after the last row of the one before, in the order of time and id. */
function cursorOf(rows: readonly HistoryRow[], { cursor }: HistoryQuestion): string | null {
  const last = rows.at(-1)
  return last === undefined ? (cursor ?? null) : `${last.event.at}-${last.event.id}`
}

function endOf(cursor: string | undefined): { readonly at: Micros; readonly id: number } {
  const [at, id] = (cursor ?? '').split('-').map(Number)
  const isCursor = Number.isSafeInteger(at) && Number.isSafeInteger(id)
  return isCursor ? { at: at ?? 0, id: id ?? 0 } : { at: Number.MAX_SAFE_INTEGER, id: 0 }
}
