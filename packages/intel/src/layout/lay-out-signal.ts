import type { Signal } from '../formats/signal/ast.ts'
import { parseSignal } from '../formats/signal/parse-signal.ts'
import { printSignal } from '../formats/signal/print-signal.ts'

/** Longer signals have a line for each part of their outermost operation. */
const longestLine = 110

/** A signal's text in its canonical form; a text that is no signal stays as it is. */
export function layOutSignal(text: string): string {
  const { signal } = parseSignal(text.trim())
  if (signal === undefined) return text
  const line = printSignal(signal)
  if (line.length <= longestLine || (signal.kind !== 'and' && signal.kind !== 'or')) return `${line}\n`
  const word = signal.kind === 'and' ? 'AND' : 'OR'
  return `${signal.parts.map((part) => operand(part, signal.kind)).join(`\n  ${word} `)}\n`
}

/** AND binds tighter than OR. */
function operand(part: Signal, around: 'and' | 'or'): string {
  return part.kind === 'or' && around === 'and' ? `(${printSignal(part)})` : printSignal(part)
}
