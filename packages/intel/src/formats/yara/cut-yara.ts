/** A piece of a YARA text; blanks and comments are between pieces. `text` of a text string is what it stands for. */
export interface Cut {
  readonly kind: 'word' | 'text' | 'regex' | 'hex' | 'sign'
  readonly text: string
  readonly from: number
  readonly to: number
}

/** Cuts YARA into pieces. Division is written `\`, so a slash starts a comment or a regular expression. */
export function* cutYara(source: string): Generator<Cut> {
  let previous: Cut | undefined
  let at = 0
  while (at < source.length) {
    const skipped = afterBlankOrComment(source, at)
    if (skipped > at) {
      at = skipped
      continue
    }
    previous = pieceAt(source, at, previous)
    yield previous
    at = previous.to
  }
}

function afterBlankOrComment(source: string, at: number): number {
  if (/\s/.test(source[at] ?? '')) return at + 1
  if (source.startsWith('//', at)) return until(source, '\n', at)
  if (source.startsWith('/*', at)) return until(source, '*/', at + 2)
  return at
}

/** The offset behind the next `end`, or the end of the text. */
function until(source: string, end: string, at: number): number {
  const found = source.indexOf(end, at)
  return found === -1 ? source.length : found + end.length
}

function pieceAt(source: string, from: number, previous: Cut | undefined): Cut {
  const first = source[from] ?? ''
  if (first === '"') {
    const to = afterDelimited(source, from, '"')
    return { kind: 'text', text: unescaped(source.slice(from + 1, to - 1)), from, to }
  }
  if (first === '/') {
    const to = afterDelimited(source, from, '/')
    return { kind: 'regex', text: source.slice(from, to), from, to }
  }
  if (first === '{' && previous?.kind === 'sign' && previous.text === '=') {
    const to = afterHex(source, from)
    return { kind: 'hex', text: source.slice(from, to), from, to }
  }
  if (!isWordPart(first)) return { kind: 'sign', text: first, from, to: from + 1 }
  let to = from + 1
  while (isWordPart(source[to] ?? '')) to += 1
  return { kind: 'word', text: source.slice(from, to), from, to }
}

/** Neither strings nor regular expressions reach over a line's end. */
function afterDelimited(source: string, from: number, delimiter: string): number {
  let at = from + 1
  while (at < source.length && source[at] !== '\n') {
    if (source[at] === delimiter) return at + 1
    at += source[at] === '\\' ? 2 : 1
  }
  return Math.min(at, source.length)
}

function afterHex(source: string, from: number): number {
  let at = from + 1
  while (at < source.length) {
    const skipped = afterBlankOrComment(source, at)
    if (skipped === at && source[at] === '}') return at + 1
    at = Math.max(skipped, at + 1)
  }
  return source.length
}

function isWordPart(character: string): boolean {
  return /[\w$#@!.*-]/.test(character) || character > '\u007f'
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' }

function unescaped(text: string): string {
  return text.replace(
    /\\(?:x([\da-fA-F]{2})|(.))/g,
    (_, hex: string | undefined, plain: string | undefined) =>
      hex === undefined
        ? (escapes[plain ?? ''] ?? plain ?? '')
        : String.fromCharCode(Number.parseInt(hex, 16)),
  )
}
