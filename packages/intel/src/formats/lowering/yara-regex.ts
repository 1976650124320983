import { RE2JS } from 're2js'
import { type Encoding, encoded } from './content-rule.ts'
import { flawOfPattern } from './patterns.ts'

/** A regular expression of a document as YARA writes it between slashes. */
export interface YaraRegex {
  readonly body: string
  /** `(?i)` stood at its start. */
  readonly ignoresCase: boolean
}

/** YARA walks a pattern at every place of a file; longer ones cost too much. */
const longest = 1_024

/**
 * Says a pattern of RE2 in the dialect that libyara and YARA-X share, or why that cannot be. What is found is the
 * same; where a match ends is not asked for.
 */
export function yaraRegexOf(pattern: string): YaraRegex | { readonly flaw: string } {
  const flaw = flawOfPattern(pattern)
  if (flaw !== undefined) return { flaw }
  if (pattern.length > longest) return { flaw: `the pattern is longer than ${longest} characters` }
  const ignoresCase = pattern.startsWith('(?i)')
  const parts: Part[] = []
  let rest = ignoresCase ? pattern.slice(4) : pattern
  let isInClass = false
  while (rest !== '') {
    const part = isInClass ? nextInClass(rest) : nextOutside(rest)
    if (part === undefined) return { flaw: `YARA has no equivalent of “${rest.slice(0, 8)}” in the pattern` }
    if (part.enters) isInClass = true
    if (part.leaves) isInClass = false
    parts.push(part)
    rest = rest.slice(part.length)
  }
  const bare = parts.map(({ text, isAssertion }) => (isAssertion ? '(?:)' : text)).join('')
  if (RE2JS.compile(bare).matcher('').find()) return { flaw: 'the pattern matches nothing at all, anywhere' }
  return { body: parts.map(({ text }) => text).join(''), ignoresCase }
}

/** Text as a pattern that matches just its bytes. */
export function regexOfText(text: string, encoding: Encoding = 'utf-8'): string {
  return written(encoded(text, encoding), (byte) => /[0-9A-Za-z_ ]/.test(byte))
}

interface Part {
  readonly text: string
  /** How much of the pattern it stands for. */
  readonly length: number
  readonly enters?: boolean
  readonly leaves?: boolean
  readonly isAssertion?: boolean
}

function nextOutside(rest: string): Part | undefined {
  const count = /^\{\d+(?:,\d*)?\}/.exec(rest)?.[0]
  if (count !== undefined) return { text: count, length: count.length + laziness(rest, count.length) }
  const group = /^\(\?(?::|P?<\w+>)/.exec(rest)?.[0]
  if (group !== undefined) return { text: '(', length: group.length }
  if (rest.startsWith('(?')) return undefined
  const opening = /^\[\^?\]?/.exec(rest)?.[0]
  if (opening !== undefined)
    return { text: opening.replace(']', '\\]'), length: opening.length, enters: true }
  const char = firstOf(rest)
  if (char === '\\') return escaped(rest, 'bB')
  if (char === '^' || char === '$') return { text: char, length: 1, isAssertion: true }
  if ('*+?'.includes(char)) return { text: char, length: 1 + laziness(rest, 1) }
  if ('()|.'.includes(char)) return { text: char, length: 1 }
  return literal(char)
}

function nextInClass(rest: string): Part | undefined {
  const char = firstOf(rest)
  if (char === ']') return { text: ']', length: 1, leaves: true }
  if (rest.startsWith('[:') || char > '\x7f') return undefined
  if (char === '\\') return escaped(rest, '')
  return char === '-' || char === '^' ? { text: char, length: 1 } : literal(char)
}

/** Whether something is found does not depend on it, and YARA does not mix both ways. */
function laziness(rest: string, from: number): number {
  return rest[from] === '?' ? 1 : 0
}

function escaped(rest: string, assertions: string): Part | undefined {
  const char = firstOf(rest.slice(1))
  if (char !== '' && assertions.includes(char)) return { text: `\\${char}`, length: 2, isAssertion: true }
  if (/^[dDwWsStnrfa]$/.test(char)) return { text: `\\${char}`, length: 2 }
  if (char === 'v') return { text: '\\x0b', length: 2 }
  const code = /^\\x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,2})\})/.exec(rest)
  if (code !== null) {
    const value = Number.parseInt(code[1] ?? code[2] ?? '', 16)
    return value > 0x7f ? undefined : { text: hex(value), length: code[0].length }
  }
  if (/^[0-9A-Za-z]?$/.test(char) || char > '\x7f') return undefined
  return { text: literal(char).text, length: 2 }
}

function literal(char: string): Part {
  const text = written(encoded(char, 'utf-8'), (byte) => /[0-9A-Za-z_ ,;:<>=!%'`@#"]/.test(byte))
  return { text: char > '\x7f' ? `(${text})` : text, length: char.length }
}

function firstOf(text: string): string {
  const code = text.codePointAt(0)
  return code === undefined ? '' : String.fromCodePoint(code)
}

function written(bytes: Uint8Array, isPlain: (char: string) => boolean): string {
  return [...bytes]
    .map((byte) => {
      const char = String.fromCharCode(byte)
      return byte < 0x80 && isPlain(char) ? char : hex(byte)
    })
    .join('')
}

function hex(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, '0')}`
}
