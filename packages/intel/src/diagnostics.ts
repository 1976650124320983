import { canonicalText, type Diagnostic, type Span } from '@tocsin/model'

/** The span of a range of offsets; offsets beyond the text are moved to its end. */
export function spanAt(text: string, from: number, to: number): Span {
  const start = Math.max(0, Math.min(from, text.length))
  const end = Math.max(start, Math.min(to, text.length))
  let line = 1
  let lineStart = 0
  for (let at = text.indexOf('\n'); at !== -1 && at < start; at = text.indexOf('\n', at + 1)) {
    line += 1
    lineStart = at + 1
  }
  return { from: start, to: end, line, column: start - lineStart + 1 }
}

/**
 * A diagnostic as a person reads it: where, what, the line with a caret, and what to do.
 * `source` is the text that the span's offsets count in. Control characters of the document never reach the terminal.
 */
export function renderText(diagnostic: Diagnostic, source: string, fileName: string): string {
  const { code, severity, message, span, hint } = diagnostic
  const place = span === undefined ? fileName : `${fileName}:${span.line}:${span.column}`
  const shown = span === undefined ? [] : excerpt(span, source)
  const help = hint === undefined ? [] : [`  hint: ${printable(hint)}`]
  return [`${printable(place)}: ${severity} ${code}: ${printable(message)}`, ...shown, ...help].join('\n')
}

/** A diagnostic as one line of JSON with its file. */
export function renderJson(diagnostic: Diagnostic, fileName: string): string {
  return canonicalText({ file: fileName, ...diagnostic })
}

/** How much of a long line stands before and after the place. */
const before = 60
const after = 60

function excerpt(span: Span, source: string): readonly string[] {
  if (span.from > source.length) return []
  const lineStart = source.lastIndexOf('\n', span.from - 1) + 1
  const newline = source.indexOf('\n', span.from)
  const lineEnd = newline === -1 ? source.length : newline
  const start = Math.max(lineStart, span.from - before)
  const end = Math.min(lineEnd, Math.max(span.from + after, Math.min(span.to, span.from + 2 * after)))
  const lead = start > lineStart ? '…' : ''
  const trail = end < lineEnd ? '…' : ''
  const line = source.slice(start, end)
  const indent = ' '.repeat([...lead, ...source.slice(start, span.from)].length)
  const carets = '^'.repeat(Math.max(1, [...source.slice(span.from, Math.min(span.to, end))].length))
  const gutter = String(span.line)
  return [
    `  ${gutter} | ${lead}${printable(line)}${trail}`,
    `  ${' '.repeat(gutter.length)} | ${indent}${carets}`,
  ]
}

/** Control characters and those that turn the direction of writing are shown as U+FFFD, tabs and line ends as a blank. */
function printable(text: string): string {
  return text
    .replace(/[\t\r\n]/g, ' ')
    .replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]/gu, '\ufffd')
}
