import type { readQuestion, readQuestionEndpoints, readQuestionRows } from '@tocsin/api/v1/questions.ts'
import { cellText } from '@tocsin/questions'
import type { z } from 'zod'
import { harmless, table } from './output.ts'

export type QuestionProgress = z.output<typeof readQuestion.answer>
export type QuestionRows = z.output<typeof readQuestionRows.answer>
export type QuestionEndpoint = z.output<typeof readQuestionEndpoints.answer>['items'][number]

const widest = 60
const mostRemarks = 10

/** How far the answers are, in one line. */
export function progressLine({ id, state, tested, estimatedTotal, rows }: QuestionProgress): string {
  const share = estimatedTotal === 0 ? 100 : Math.floor((100 * tested) / estimatedTotal)
  return `question ${id}: ${state}, ${tested} of ${estimatedTotal} endpoints (${share} %), ${rows} rows`
}

/** Counted rows under the names of their columns. */
export function rowLines({ columns, items }: Pick<QuestionRows, 'columns' | 'items'>): readonly string[] {
  const sensors = new Set(columns.map(({ sensor }) => sensor))
  const headings = columns.map(({ sensor, name }) =>
    sensors.size > 1 && sensor !== name ? `${sensor}:${name}` : name,
  )
  const rows = items.map(({ cells, count }) => [
    ...cells.map((cell, place) => shortened(harmless(cellText(cell, columns[place]?.type ?? 'text')))),
    count,
  ])
  return table([...headings, 'count'], rows).split('\n')
}

/** What did not go as asked: endpoints that were cut short, failed, or left something out. */
export function remarkLines(
  { states, cut, dropped, rows }: QuestionProgress,
  endpoints: readonly QuestionEndpoint[],
  shown: number,
): readonly string[] {
  const away = (states.offline ?? 0) + (states.silent ?? 0)
  return [
    ...(shown < rows ? [`${rows - shown} more rows: --limit and --offset show them`] : []),
    ...(states.undecided === undefined
      ? []
      : [`${states.undecided} endpoints cannot tell whether they are meant`]),
    ...(away === 0 ? [] : [`${away} endpoints have not answered`]),
    ...(cut === 0 ? [] : [`${cut} endpoints had more rows than one may tell`]),
    ...(dropped === 0 ? [] : [`${dropped} rows were counted no more: there were too many different ones`]),
    ...endpoints.filter(hasRemark).slice(0, mostRemarks).map(remarkOf),
  ]
}

function hasRemark({ notes, state }: QuestionEndpoint): boolean {
  return notes.length > 0 || state === 'failed'
}

function remarkOf({ computerName, state, notes }: QuestionEndpoint): string {
  const what = notes.length === 0 ? state : notes.join('; ')
  return `${harmless(computerName)}: ${harmless(what)}`
}

function shortened(text: string): string {
  return text.length <= widest ? text : `${text.slice(0, widest - 1).toWellFormed()}…`
}
