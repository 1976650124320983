import {
  holdsOfMachine,
  holdsOfRow,
  joinRows,
  type Question,
  type Row,
  type SensorRows,
  testsOf,
} from '@tocsin/questions'
import type { Gathered, Gathering } from './gather.ts'

/** What reads the sensors. */
export type Sensors = Pick<Gathering, 'rowsOf'>

export interface AnswerLimits {
  readonly mostRows: number
  readonly mostBytes: number
}

export interface AnswerOutcome {
  /** `not meant`: the from-filter does not hold here; `undecided`: it cannot be told. */
  readonly state: 'answered' | 'not meant' | 'undecided' | 'failed'
  readonly rows: readonly Row[]
  /** There were more rows than may be told. */
  readonly isCut: boolean
  /** What may be missing, and why; one line for each sensor. */
  readonly notes: readonly string[]
}

/** What this machine says to a question. */
export async function answerQuestion(
  { selects, from }: Question,
  gathering: Sensors,
  limits: AnswerLimits,
): Promise<AnswerOutcome> {
  const isMeant = await verdictOf(from, gathering)
  if (isMeant === 'no-match') return withoutRows('not meant', [])
  if (isMeant === 'inconclusive') return withoutRows('undecided', await whyUndecided(from, gathering))
  const notes: string[] = []
  const answers: SensorRows[] = []
  for (const select of selects) {
    const gathered = await gathering.rowsOf(select)
    const rows = filtered(gathered, select.filter)
    if (gathered.missing !== null) notes.push(`${select.sensor}: ${gathered.missing}`)
    answers.push({ use: select, rows, missing: gathered.rows.length === 0 ? gathered.missing : null })
  }
  return { state: 'answered', notes, ...limited(joinRows(answers), limits) }
}

export function failed(why: string): AnswerOutcome {
  return withoutRows('failed', [why.slice(0, 200)])
}

function withoutRows(state: AnswerOutcome['state'], notes: readonly string[]): AnswerOutcome {
  return { state, rows: [], isCut: false, notes }
}

async function verdictOf(from: Question['from'], gathering: Sensors) {
  if (from === null) return 'match'
  const gathered = new Map<string, Gathered>()
  const keyOf = (use: { readonly sensor: string; readonly parameters: readonly string[] }) =>
    JSON.stringify([use.sensor, use.parameters])
  for (const test of testsOf(from)) gathered.set(keyOf(test), await gathering.rowsOf(test))
  return holdsOfMachine(from, (use) => {
    const { rows, missing } = gathered.get(keyOf(use)) ?? { rows: [], missing: '' }
    return { rows, isWhole: missing === null }
  })
}

async function whyUndecided(from: Question['from'], gathering: Sensors): Promise<readonly string[]> {
  const notes = new Set<string>()
  for (const test of testsOf(from)) {
    const { missing } = await gathering.rowsOf(test)
    notes.add(`${test.sensor}: ${missing ?? 'a value is unknown'}`)
  }
  return [...notes]
}

function filtered({ rows }: Gathered, filter: Question['from']): readonly Row[] {
  return filter === null ? rows : rows.filter((row) => holdsOfRow(filter, row) === 'match')
}

function limited(rows: readonly Row[], { mostRows, mostBytes }: AnswerLimits) {
  let bytes = 0
  const kept = rows.slice(0, mostRows)
  const end = kept.findIndex((row) => {
    bytes += Buffer.byteLength(JSON.stringify(row)) + 1
    return bytes > mostBytes
  })
  const told = end === -1 ? kept : kept.slice(0, end)
  return { rows: told, isCut: told.length < rows.length }
}
