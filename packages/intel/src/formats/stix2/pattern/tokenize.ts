import type { Constant, Place } from './ast.ts'
import { microsOfTimestamp } from './timestamp.ts'

export type Token = Place &
  (
    | { readonly kind: 'word'; readonly text: string; readonly hasHyphen: boolean }
    | { readonly kind: 'constant'; readonly constant: Constant; readonly text: string }
    | { readonly kind: 'keyword' | 'sign'; readonly text: string }
    /** Nothing of the language begins like this. */
    | { readonly kind: 'stray'; readonly text: string }
    | { readonly kind: 'end'; readonly text: '' }
  )

const keywords: ReadonlySet<string> = new Set([
  'AND',
  'OR',
  'NOT',
  'FOLLOWEDBY',
  'LIKE',
  'MATCHES',
  'ISSUPERSET',
  'ISSUBSET',
  'EXISTS',
  'LAST',
  'IN',
  'START',
  'STOP',
  'SECONDS',
  'WITHIN',
  'REPEATS',
  'TIMES',
])

// WS and LINE_COMMENT of the grammar
const blank = /[ \t\r\n\v\f\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+|\/\/[^\r\n]*/y
const timestamp =
  /t'(\d{4}-(?:0[1-9]|1[012])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?Z)'/y
const hexadecimal = /h'((?:[0-9A-Fa-f]{2})*)'/y
const base64 = /b'((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==))'/y
const quoted = /'((?:[^'\\]|\\'|\\\\)*)'/y
const number = /[+-]?(?:\d*\.\d+|0(?!\d)|[1-9]\d*|0)/y
const identifier = /[a-zA-Z_][a-zA-Z0-9_-]*/y
const sign = /==|!=|<>|<=|>=|[=<>:.,()[\]*]/y

/** Cuts a pattern into tokens; the last one is the end. Never fails: what is no token is `stray`. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = []
  const lastCommentEnd = text.lastIndexOf('*/')
  let at = afterBlanks(text, 0, lastCommentEnd)
  while (at < text.length) {
    const token = tokenAt(text, at)
    tokens.push(token)
    at = afterBlanks(text, token.to, lastCommentEnd)
  }
  return [...tokens, { kind: 'end', text: '', from: text.length, to: text.length }]
}

function tokenAt(text: string, from: number): Token {
  return constantAt(text, from) ?? wordAt(text, from) ?? signAt(text, from)
}

function constantAt(text: string, from: number): Token | undefined {
  const constant = (read: RegExp, make: (inner: string) => Constant): Token | undefined => {
    const found = matchAt(read, text, from)
    if (found === undefined) return undefined
    return {
      kind: 'constant',
      constant: make(found[1] ?? found[0]),
      text: found[0],
      from,
      to: from + found[0].length,
    }
  }
  return (
    constant(timestamp, (inner) => ({ kind: 'time', micros: microsOfTimestamp(inner) ?? 0, text: inner })) ??
    constant(hexadecimal, (inner) => ({ kind: 'bytes', bytes: inner.toLowerCase() })) ??
    constant(base64, (inner) => ({ kind: 'bytes', bytes: hexOfBase64(inner) })) ??
    constant(quoted, (inner) => ({ kind: 'text', value: inner.replace(/\\(['\\])/g, '$1') })) ??
    constant(number, (inner) => ({ kind: 'number', value: Number(inner), text: inner }))
  )
}

function wordAt(text: string, from: number): Token | undefined {
  const [word] = matchAt(identifier, text, from) ?? []
  if (word === undefined) return undefined
  const at = { text: word, from, to: from + word.length }
  if (word === 'true' || word === 'false')
    return { kind: 'constant', constant: { kind: 'boolean', value: word === 'true' }, ...at }
  return keywords.has(word)
    ? { kind: 'keyword', ...at }
    : { kind: 'word', hasHyphen: word.includes('-'), ...at }
}

function signAt(text: string, from: number): Token {
  const [found] = matchAt(sign, text, from) ?? []
  if (found !== undefined) return { kind: 'sign', text: found, from, to: from + found.length }
  const point = String.fromCodePoint(text.codePointAt(from) ?? 0)
  return { kind: 'stray', text: point, from, to: from + point.length }
}

function matchAt(pattern: RegExp, text: string, from: number): RegExpExecArray | undefined {
  pattern.lastIndex = from
  return pattern.exec(text) ?? undefined
}

/** A comment that is not closed is none; it must not be searched for its end again and again. */
function afterBlanks(text: string, from: number, lastCommentEnd: number): number {
  let at = from
  for (;;) {
    if (text.startsWith('/*', at) && lastCommentEnd >= at + 2) at = text.indexOf('*/', at + 2) + 2
    else {
      const length = matchAt(blank, text, at)?.[0].length ?? 0
      if (length === 0) return at
      at += length
    }
  }
}

function hexOfBase64(text: string): string {
  return [...atob(text)].map((letter) => letter.charCodeAt(0).toString(16).padStart(2, '0')).join('')
}
