import type { ByteTest, FactOf, Flaw } from './byte-facts.ts'
import { type ContentFact, quoted } from './content-rule.ts'
import { regexOfText, yaraRegexOf } from './yara-regex.ts'

/** What stands around a text that was cut out of a file: nothing printable. */
const before = '(^|[^\\x20-\\x7e])'
const after = '([^\\x20-\\x7e]|$)'

/** A printable text in a file, of one byte a letter or of two. */
export const stringInFile: FactOf = (test) => {
  const { comparison, text, exact } = test
  if (comparison === 'contains') return found(`${quoted(text)} ascii wide${exact ? '' : ' nocase'}`)
  const body = bodyOf(test)
  if (typeof body !== 'string') return body
  const starts = comparison === 'is' || comparison === 'starts with' ? before : ''
  const ends = comparison === 'is' || comparison === 'ends with' ? after : ''
  return found(`/${starts}${body}${ends}/ ascii wide${ignoring(text, test)}`)
}

/** How much of a file's start recorders keep of a write, with room to spare. */
const startBytes = 1_024

/** The text at the start of a file, in which points stand for bytes that cannot be printed. */
export const textAtStart: FactOf = (test) => {
  const { comparison, text, exact } = test
  if (comparison === 'matches') {
    const body = bodyOf(test)
    if (typeof body !== 'string') return body
    return found(`/${body}/ ascii wide${ignoring(text, test)}`, (name) => `${name} in (0..${startBytes})`)
  }
  const isAtStart = comparison === 'is' || comparison === 'starts with'
  if (!isAtStart && comparison !== 'contains')
    return { flaw: `"${comparison}" does not compare the start of a file` }
  const body = text
    .split('.')
    .map((part) => regexOfText(part))
    .join('[\\x00-\\x1f.\\x7f-\\xff]')
  // A byte order mark may come first.
  const place = isAtStart ? `(0..3)` : `(0..${startBytes})`
  return found(`/${body}/ ascii wide${exact ? '' : ' nocase'}`, (name) => `${name} in ${place}`)
}

function bodyOf({ comparison, text }: ByteTest): string | Flaw {
  if (comparison === 'is' || comparison === 'starts with' || comparison === 'ends with')
    return regexOfText(text)
  if (comparison !== 'matches') return { flaw: `"${comparison}" does not compare text` }
  const regex = yaraRegexOf(text)
  return 'flaw' in regex ? regex : regex.body
}

function ignoring(text: string, { comparison, exact }: ByteTest): string {
  return exact && !(comparison === 'matches' && text.startsWith('(?i)')) ? '' : ' nocase'
}

function found(string: string, condition = (name: string) => name): ContentFact {
  return { strings: [string], condition: ([name = '$s0']) => condition(name) }
}
