import { editDistance } from '@tocsin/model'
import { sensors } from '../sensors/sensors.ts'
import { isMisspeltOperator, operatorStart, stopWord } from '../words.ts'
import type { Cursor } from './cursor.ts'

/** A sensor as it is named in a text: the best reading first. */
export interface Mention {
  readonly candidates: readonly Candidate[]
  readonly parameters: readonly string[]
  readonly column: string | null
}

export interface Candidate {
  readonly sensor: string
  /** 0: it is named exactly. */
  readonly penalty: number
}

const mostCandidates = 4
const longestName = 80
/** Beyond this the text is not the name misspelt, but a part of it. */
const partial = 100

// mention := name [ '[' parameter { ',' parameter } ']' ] [ ':' column ]
export function parseMention(cursor: Cursor): Mention {
  const candidates = parseName(cursor)
  const parameters = cursor.takeMark('[') ? parseParameters(cursor) : []
  const column = cursor.takeMark(':') ? parseColumn(cursor, candidates) : null
  return { candidates, parameters, column }
}

/** Whether a sensor is named here exactly; then no operator begins. */
export function namesSensor(rest: string): boolean {
  return exactName(rest) !== undefined
}

function parseName(cursor: Cursor): readonly Candidate[] {
  const from = cursor.at
  const inQuotes = cursor.takeQuoted()
  if (inQuotes !== undefined) return candidatesFor(inQuotes, cursor, from)
  const exact = exactName(cursor.rest)
  if (exact !== undefined) {
    cursor.take(exact.pattern)
    return [{ sensor: exact.name, penalty: 0 }]
  }
  const run = cursor.takeRun(isEnd)
  if (run === '') throw cursor.fault('QST002', 'the name of a sensor is missing here', from)
  return longer(cursor, from) ?? candidatesFor(run, cursor, from)
}

/** Some names hold `with`: the words behind it belong to one of them if they make it clearly better. */
function longer(cursor: Cursor, from: number): readonly Candidate[] | undefined {
  const back = cursor.at
  if (!cursor.takeWord('with')) return undefined
  cursor.takeRun(isEnd)
  const text = cursor.text.slice(from, cursor.at).trim()
  const close = ranked(text).filter(({ penalty }) => penalty < partial)
  if (close.length > 0) return close
  cursor.at = back
  return undefined
}

/** Where the words of a name end. */
function isEnd(rest: string): boolean {
  return (
    /^[,()[\]:]/.test(rest) || stopWord.test(rest) || operatorStart.test(rest) || isMisspeltOperator(rest)
  )
}

function candidatesFor(text: string, cursor: Cursor, from: number): readonly Candidate[] {
  const found = ranked(text)
  if (found.length > 0) return found
  throw cursor.fault(
    'QST003',
    `no sensor is called "${text.slice(0, longestName)}"`,
    from,
    '`tocsin sensors` lists them.',
  )
}

// parameters := parameter { ',' parameter } ']'; parameter := quoted | characters up to ',' or ']'
function parseParameters(cursor: Cursor): readonly string[] {
  const parameters: string[] = []
  for (;;) {
    const inQuotes = cursor.takeQuoted()
    parameters.push(inQuotes ?? (cursor.take(/^[^,\]"]+/) ?? '').trim())
    if (cursor.takeMark(']')) return parameters
    if (!cursor.takeMark(',')) throw cursor.fault('QST002', 'the bracket of the parameters is not closed')
  }
}

function parseColumn(cursor: Cursor, candidates: readonly Candidate[]): string {
  const names = candidates
    .flatMap(({ sensor }) => sensors.find(({ name }) => name === sensor)?.columns ?? [])
    .map(({ name }) => name)
  const exact = names
    .filter((name) => cursor.rest.toLowerCase().startsWith(name.toLowerCase()))
    .sort((left, right) => right.length - left.length)[0]
  if (exact !== undefined) {
    cursor.takeMark(cursor.rest.slice(0, exact.length))
    return exact
  }
  return cursor.takeQuoted() ?? cursor.takeRun(isEnd)
}

const patterns = sensors
  .map(({ name }) => ({
    name,
    pattern: new RegExp(`^${name.split(' ').join('[\\s-]+')}(?![^\\s,()\\[\\]:"<>=!])`, 'i'),
  }))
  .sort((left, right) => right.name.length - left.name.length)

/** The longest name that stands here. */
function exactName(text: string) {
  const beginning = text.slice(0, longestName)
  return patterns.find(({ pattern }) => pattern.test(beginning))
}

function ranked(text: string): readonly Candidate[] {
  if (text.length > longestName) return []
  const written = plain(text)
  const found = sensors
    .map(({ name }) => ({ sensor: name, penalty: penaltyOf(written, plain(name)) }))
    .filter(({ penalty }) => Number.isFinite(penalty))
    .sort((left, right) => left.penalty - right.penalty)
  const best = found[0]?.penalty ?? 0
  const worst = best < partial ? best + 1 : best + partial
  return found.filter(({ penalty }) => penalty <= worst).slice(0, mostCandidates)
}

/** Misspelt by few letters, or by words of the name; else infinite. */
function penaltyOf(written: string, name: string): number {
  const distance = editDistance(written, name)
  if (distance <= Math.max(1, Math.floor(name.length / 4))) return distance
  const words = name.split(' ')
  const isIn = (word: string) =>
    words.some((each) => each.startsWith(word) || editDistance(word, each) <= Math.floor(word.length / 4))
  const all = written.split(' ')
  return all.every(isIn) ? partial + words.length - all.length : Number.POSITIVE_INFINITY
}

function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[\s-]+/g, ' ')
    .trim()
}
