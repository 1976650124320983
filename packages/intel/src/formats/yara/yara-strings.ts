import type { Cut } from './cut-yara.ts'

/** A string of a rule as it is written. */
export interface YaraString {
  /** With its `$`; anonymous ones are called `$`. */
  readonly name: string
  readonly kind: 'text' | 'hex' | 'regex'
  /** A text by what it stands for; hex and regular expressions with their delimiters. */
  readonly text: string
  readonly modifiers: readonly string[]
  readonly from: number
  readonly to: number
}

// strings := { identifier '=' ( text | hex | regex ) { modifier [ '(' … ')' ] } }
export function stringsOf(pieces: readonly Cut[]): readonly YaraString[] {
  const found: YaraString[] = []
  for (let at = 0; at < pieces.length; at += 1) {
    const [name, sign, value] = [pieces[at], pieces[at + 1], pieces[at + 2]]
    if (name?.kind !== 'word' || !name.text.startsWith('$') || sign?.text !== '=' || value === undefined)
      continue
    if (value.kind !== 'text' && value.kind !== 'hex' && value.kind !== 'regex') continue
    const rest = pieces.slice(at + 3, nextName(pieces, at + 3))
    const modifiers = rest.filter(({ kind }) => kind === 'word').map(({ text }) => text)
    found.push({
      name: name.text,
      kind: value.kind,
      text: value.text,
      modifiers,
      from: name.from,
      to: value.to,
    })
    at += 2
  }
  return found
}

function nextName(pieces: readonly Cut[], from: number): number {
  let at = from
  while (at < pieces.length && !pieces[at]?.text.startsWith('$')) at += 1
  return at
}
