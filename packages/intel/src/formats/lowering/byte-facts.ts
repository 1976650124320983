import type { Comparison } from '@tocsin/model'
import { type ContentFact, type Encoding, quoted } from './content-rule.ts'
import { microsOf } from './literals.ts'
import { regexOfText, yaraRegexOf } from './yara-regex.ts'

/** What a document asks of a fact that stands in the bytes of a file. */
export interface ByteTest {
  readonly comparison: Comparison
  readonly text: string
  readonly exact: boolean
}

/** Why a test can never be met, in words for its author. */
export interface Flaw {
  readonly flaw: string
  /** It may be met; nobody here knows how to look. */
  readonly isUnknown?: true
}

export type FactOf = (test: ByteTest) => ContentFact | Flaw

export function isFlaw(fact: object): fact is Flaw {
  return 'flaw' in fact
}

// Limit: the case of letters outside ASCII counts in content.
/** A test on a text that YARA's modules give, as an expression. */
export function textTest(
  read: string,
  { comparison, text, exact }: ByteTest,
  encoding: Encoding = 'utf-8',
): string | Flaw {
  const letter = exact ? '' : 'i'
  const wanted = quoted(text, encoding)
  switch (comparison) {
    case 'is':
      return exact ? `${read} == ${wanted}` : `${read} matches /^${regexOfText(text, encoding)}$/i`
    case 'contains':
      return `${read} ${letter}contains ${wanted}`
    case 'starts with':
      return `${read} ${letter}startswith ${wanted}`
    case 'ends with':
      return `${read} ${letter}endswith ${wanted}`
    case 'matches': {
      const pattern = regexTest({ comparison, text, exact })
      return typeof pattern === 'string' ? `${read} matches ${pattern}` : pattern
    }
    default:
      return { flaw: `"${comparison}" does not compare text` }
  }
}

/** A whole pattern, with slashes, for functions that search names. */
export function regexTest({ comparison, text, exact }: ByteTest): string | Flaw {
  const flag = exact ? '' : 'i'
  const body = regexOfText(text)
  switch (comparison) {
    case 'is':
      return `/^${body}$/${flag}`
    case 'contains':
      return `/${body}/${flag}`
    case 'starts with':
      return `/^${body}/${flag}`
    case 'ends with':
      return `/${body}$/${flag}`
    case 'matches': {
      const regex = yaraRegexOf(text)
      if ('flaw' in regex) return regex
      return `/${regex.body}/${regex.ignoresCase ? 'i' : flag}`
    }
    default:
      return { flaw: `"${comparison}" does not compare text` }
  }
}

const operators: Partial<Readonly<Record<Comparison, string>>> = {
  is: '==',
  greater: '>',
  less: '<',
  'at least': '>=',
  'at most': '<=',
}

/** A test on a number, or between two with `low TO high`. */
export function numberTest(read: string, test: ByteTest): string | Flaw {
  return ordered(read, test, (text) => {
    const isNumber = /^\d{1,15}$/.test(text) || /^0x[0-9a-f]{1,12}$/i.test(text)
    return isNumber ? Number(text) : { flaw: `"${text.slice(0, 40)}" is no number` }
  })
}

/** A test on a time that the file keeps as seconds. */
export function timeTest(read: string, test: ByteTest): string | Flaw {
  return ordered(read, test, (text) => {
    const micros = microsOf(text)
    const isTime = micros !== undefined && micros >= 0
    return isTime ? Math.floor(micros / 1_000_000) : { flaw: `"${text.slice(0, 40)}" is no time since 1970` }
  })
}

function ordered(
  read: string,
  { comparison, text }: ByteTest,
  numberOf: (text: string) => number | Flaw,
): string | Flaw {
  const [low = '', high] = text
    .trim()
    .replace(/^\[|\]$/g, '')
    .split(' TO ', 2)
  const from = numberOf(low.trim())
  if (typeof from !== 'number') return from
  if (high === undefined) {
    const operator = operators[comparison]
    return operator === undefined
      ? { flaw: `"${comparison}" does not compare numbers` }
      : `${read} ${operator} ${from}`
  }
  const until = numberOf(high.trim())
  if (typeof until !== 'number') return until
  if (comparison !== 'is') return { flaw: `"${comparison}" does not compare ranges` }
  return `(${read} >= ${from} and ${read} <= ${until})`
}
