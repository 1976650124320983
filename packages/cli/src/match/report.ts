import type { Match } from '@tocsin/engine'
import { harmless } from '../output.ts'
import type { Matched, MatchRun } from './match-run.ts'
import { obstacleOf } from './obstacle.ts'
import type { RefusedDocument } from './read-programs.ts'

/** What was read of one file of events. */
export interface EventFile {
  readonly path: string
  readonly unread: readonly { readonly line: number; readonly why: string }[]
  readonly unreadCount: number
  readonly others: ReadonlyMap<string, number>
  /** Why it was not read to its end. */
  readonly fault?: string
}

const longestValue = 300

/** One match as a script reads it. */
export function matchAsJson(file: string, match: Match) {
  const { loaded, subject, firstAt, lastAt, explanation, actor, again } = match
  const { name, kind } = loaded.program.intel
  return {
    document: file,
    name,
    kind,
    subject,
    firstAt: timeText(firstAt),
    lastAt: timeText(lastAt),
    actor: actor ?? null,
    again: again === true,
    explanation,
  }
}

/** A document's matches: how many, and why the first ones are. */
export function matchedText({ document, count, first }: Matched): string {
  const { file, loaded } = document
  const lines = first.flatMap((match) => [`  ${timeText(match.firstAt)}`, ...witnessLines(match)])
  const more = count > first.length ? [`  and ${count - first.length} more`] : []
  return [
    `${harmless(file)} “${harmless(loaded.program.intel.name)}”: ${counted(count, 'match', 'matches')}`,
    ...lines,
    ...more,
  ].join('\n')
}

function witnessLines({ explanation }: Match): readonly string[] {
  return explanation.witnesses.map(({ property, seen, instance }) => {
    const value = seen === undefined ? 'no value' : shortened(harmless(JSON.stringify(seen)))
    return `    ${property ?? 'content'} = ${value}  (${harmless(instance)})`
  })
}

/** What was read, and what could not be: events, records, documents. */
export function summaryText(
  run: MatchRun,
  files: readonly EventFile[],
  refused: readonly RefusedDocument[],
): string {
  const byObject = [...run.delivered.events].map(([object, count]) => `${count} ${object}`)
  const results = run.results()
  const matched = results.filter(({ count }) => count > 0).length
  return [
    `${counted(run.events, 'event', 'events')}${byObject.length === 0 ? '' : `: ${byObject.join(', ')}`}`,
    ...files.flatMap(fileLines),
    ...(run.evicted === 0
      ? []
      : [`state was let go for want of room ${run.evicted} times: matches may be missing`]),
    `${matched} of ${counted(results.length, 'document', 'documents')} matched, ${refused.length} refused`,
    ...refused.map(({ file, why }) => `  ${harmless(file)}: refused: ${harmless(why)}`),
    ...obstacleLines(run, results),
  ].join('\n')
}

function fileLines({ path, unread, unreadCount, others, fault }: EventFile): readonly string[] {
  const name = path === '-' ? 'standard input' : harmless(path)
  const shown = unread.map(({ line, why }) => `  line ${line}: ${harmless(why)}`)
  const more = unreadCount > unread.length ? [`  and ${unreadCount - unread.length} more`] : []
  return [
    ...(fault === undefined ? [] : [`${name}: not read to its end: ${harmless(fault)}`]),
    ...(unreadCount === 0
      ? []
      : [`${name}: ${counted(unreadCount, 'record', 'records')} not readable`, ...shown, ...more]),
    ...(others.size === 0 ? [] : [`${name}: not evaluable`]),
    ...[...others].map(([what, count]) => `  ${count} × ${harmless(what)}`),
  ]
}

function obstacleLines(run: MatchRun, results: readonly Matched[]): readonly string[] {
  const lines = results.flatMap(({ document, count }) => {
    const why = count > 0 ? undefined : obstacleOf(document.loaded.program, run.delivered)
    return why === undefined ? [] : [`  ${harmless(document.file)}: ${harmless(why)}`]
  })
  return lines.length === 0
    ? []
    : [`${counted(lines.length, 'document', 'documents')} not evaluable on these events`, ...lines]
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`
}

/** Records without a time stand at the beginning of all time. */
function timeText(at: number): string {
  if (at === 0) return 'no time'
  const date = new Date(at / 1_000)
  return Number.isNaN(date.getTime()) ? String(at) : date.toISOString()
}

function shortened(text: string): string {
  return text.length <= longestValue ? text : `${text.slice(0, longestValue)}…`
}
