import type { readBacktest } from '@tocsin/api/v1/backtests.ts'
import type { z } from 'zod'
import { harmless, table } from './output.ts'

export type BacktestReport = z.output<typeof readBacktest.answer>
type Result = BacktestReport['results'][number]

const reasons: Readonly<Record<string, string>> = {
  time: 'its time was up; counted up to the time reached',
  matches: 'it matches so often that counting ended',
  unread: 'a part of the journal could not be read',
  'no-history': 'it keeps no journal',
  'needs-scan': 'only a scan can evaluate this document',
  'missing-object': 'the program could not be fetched',
  program: 'the program does not run there',
  fault: 'it failed',
}

const evaluates = { full: 'all', partial: 'a part', never: 'nothing', unknown: '' } as const

/** What a document would have raised: a sum, a table of endpoints, and samples with what met the condition. */
export function backtestLines(report: BacktestReport): readonly string[] {
  const { name, matches, targets, since, until, groups, results } = report
  const counted = results.filter(({ events }) => events > 0).length
  const head = `“${harmless(name)}” would have raised ${matches} alerts on ${counted} of ${targets} endpoints, ${since} to ${until}`
  const rows = table(
    ['endpoint', 'state', 'evaluates', 'alerts', 'events', 'blind', 'journal since'],
    results.map(rowOf),
  ).split('\n')
  const byGroup =
    groups.length < 2
      ? []
      : table(
          ['group', 'endpoints', 'alerts'],
          groups.map((group) => [harmless(group.name), group.endpoints, group.matches]),
        ).split('\n')
  return [head, ...rows, ...byGroup, ...results.flatMap(remarksOf)]
}

function rowOf({ computerName, state, coverage, matches, events, blindIntervals, reach }: Result) {
  // History is whole only since the latest of these.
  const since = Object.values(reach).sort().at(-1) ?? ''
  return [
    harmless(computerName),
    state,
    evaluates[coverage ?? 'unknown'],
    matches,
    events,
    blindIntervals,
    since,
  ]
}

function remarksOf(result: Result): readonly string[] {
  const { computerName, reason, message, samples, matches } = result
  const name = harmless(computerName)
  const why = reason === null ? [] : [`${name}: ${reasons[reason] ?? harmless(reason)}${colon(message)}`]
  if (samples.length === 0) return why
  const some = samples.length < matches ? `, ${samples.length} of ${matches}` : ''
  return [...why, `${name}${some}:`, ...samples.flatMap(sampleLines)]
}

function sampleLines({ firstAt, chain, subject, witnesses }: Result['samples'][number]): readonly string[] {
  const who = chain.length === 0 ? subject : chain.join(' ← ')
  return [
    `  ${firstAt}  ${harmless(who)}`,
    ...witnesses.map(
      ({ property, seen }) => `    ${harmless(property)} = ${seen === '' ? 'no value' : harmless(seen)}`,
    ),
  ]
}

function colon(message: string): string {
  return message === '' ? '' : `: ${harmless(message)}`
}
