import type { Comparison, Condition, Literal } from '@tocsin/model'
import { hasSeveralValues } from '../../leaf.ts'
import { type TermWords, term } from '../lowering/compose.ts'
import { readLiteral } from '../lowering/literals.ts'
import { placeCondition } from '../lowering/paths.ts'
import { flawOfPattern } from '../lowering/patterns.ts'
import type { PropertyWay } from './terms/entry.ts'
import type { TermRow } from './terms.ts'

export interface Test {
  readonly comparison: Comparison
  readonly text: string
  readonly exact: boolean
}

export type Lowered =
  | { readonly kind: 'useless'; readonly why: string }
  | { readonly kind: 'condition'; readonly condition: Condition; readonly requires?: string }

type Make = (word: Comparison, values: readonly Literal[], property?: string) => ReturnType<typeof term>

/** A test on a property that endpoints record or scan. */
export function lowerProperty(row: TermRow, way: PropertyWay, test: Test): Lowered {
  const { comparison, exact } = test
  const text = comparison === 'is' && way.spell !== undefined ? way.spell(test.text) : test.text
  const make: Make = (word, values, property = way.property) =>
    term({
      ...ownerOf(row, property),
      property,
      comparison: word,
      values,
      exact,
    } satisfies TermWords)
  const range = /^\[?(\S{1,40}) TO (\S{1,40}?)\]?$/.exec(text)
  if (range !== null && comparison === 'is' && way.type !== 'text' && way.type !== 'path')
    return lowerRange(way, range, make)
  const reading = readLiteral(way.type, comparison, text)
  if (reading.kind === 'useless') return reading
  const flaw = comparison === 'matches' ? flawOfPattern(text) : undefined
  if (flaw !== undefined) return { kind: 'useless', why: flaw }
  if (typeof reading.literal !== 'string') {
    return { kind: 'condition', condition: make(reading.comparison, [reading.literal]) }
  }
  if (way.type === 'hash' && comparison === 'is' && reading.literal.length !== hashLength(way.property)) {
    return { kind: 'useless', why: `the value is no ${way.property.slice(way.property.indexOf('.') + 1)}` }
  }
  const value = wordFor(reading.literal, way)
  const condition = placeCondition(way.meaning, { comparison: reading.comparison, value, make })
  if (typeof condition === 'string') return { kind: 'useless', why: condition }
  return comparison === 'is' && !hasSeveralValues(way.property)
    ? { kind: 'condition', condition, requires: value.toLowerCase() }
    : { kind: 'condition', condition }
}

function wordFor(text: string, { words = {} }: PropertyWay): string {
  const key = text.toLowerCase()
  return (Object.hasOwn(words, key) ? words[key] : undefined) ?? text
}

/** Events name their process: such a term reads the process, in the event that its group binds. */
function ownerOf(row: TermRow, property: string): { readonly object: TermRow['object'] } {
  return { object: property.startsWith('process.') ? 'process' : row.object }
}

/** OpenIOC 1.0 lets numbers and times be ranges, as Lucene writes them. */
function lowerRange(way: PropertyWay, [, low = '', high = '']: RegExpExecArray, make: Make): Lowered {
  const from = readLiteral(way.type, 'between', low)
  const to = readLiteral(way.type, 'between', high)
  if (from.kind === 'useless') return from
  if (to.kind === 'useless') return to
  return { kind: 'condition', condition: make('between', [from.literal, to.literal]) }
}

function hashLength(property: string): number {
  if (property.endsWith('.md5')) return 32
  return property.endsWith('.sha1') ? 40 : 64
}
