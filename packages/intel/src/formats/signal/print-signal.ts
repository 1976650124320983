import type { Signal, SignalTerm } from './ast.ts'

/** The canonical text: keywords in upper case, values quoted, no parentheses that change nothing. */
export function printSignal(signal: Signal): string {
  switch (signal.kind) {
    case 'term':
      return printTerm(signal)
    case 'group':
      return `group(${printSignal(signal.part)})`
    case 'and':
      return signal.parts
        .map((part) => (part.kind === 'or' ? `(${printSignal(part)})` : printSignal(part)))
        .join(' AND ')
    case 'or':
      return signal.parts.map(printSignal).join(' OR ')
  }
}

function printTerm({ object, property, condition, negate, value }: SignalTerm): string {
  return `${object}.${property} ${condition} ${negate ? 'NOT ' : ''}${quoted(value)}`
}

/** A value in quotes, as the tokenizer takes it apart again. */
export function quoted(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
