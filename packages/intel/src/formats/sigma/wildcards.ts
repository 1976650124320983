import type { Comparison } from '@tocsin/model'
import { quoted } from '../lowering/patterns.ts'
import type { Modifiers } from './modifiers.ts'

/** A text, or one of the two wildcards. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'many' }
  | { readonly kind: 'one' }

/** A comparison that says what a text with wildcards says. */
export interface Compared {
  readonly comparison: Comparison
  readonly text: string
}

/**
 * `*` and `?` are wildcards. A backslash takes their meaning from them and from another backslash before them;
 * two backslashes are one, and before anything else it stands for itself.
 */
export function piecesOf(value: string): readonly Piece[] {
  const pieces: Piece[] = []
  let text = ''
  const close = () => {
    if (text !== '') pieces.push({ kind: 'text', text })
    text = ''
  }
  for (let at = 0; at < value.length; at += 1) {
    const unit = value[at] ?? ''
    const follows = value[at + 1]
    if (unit === '\\' && (follows === '*' || follows === '?' || follows === '\\')) {
      text += follows
      at += 1
    } else if (unit === '*' || unit === '?') {
      close()
      pieces.push({ kind: unit === '*' ? 'many' : 'one' })
    } else text += unit
  }
  close()
  return pieces
}

/** With the wildcards that `contains`, `startswith` and `endswith` stand for. */
export function placed(pieces: readonly Piece[], place: Modifiers['place']): readonly Piece[] {
  const many: Piece = { kind: 'many' }
  const before = place === 'contains' || place === 'ends with' ? [many] : []
  const behind = place === 'contains' || place === 'starts with' ? [many] : []
  const all = [...before, ...pieces, ...behind]
  return all.filter((piece, at) => piece.kind !== 'many' || all[at - 1]?.kind !== 'many')
}

/** The simplest comparison that means these pieces. */
export function comparedAs(pieces: readonly Piece[]): Compared {
  const shape = pieces.map(({ kind }) => kind).join(' ')
  const text = pieces.map((piece) => (piece.kind === 'text' ? piece.text : '')).join('')
  switch (shape) {
    case '':
    case 'text':
      return { comparison: 'is', text }
    case 'many':
      return { comparison: 'exists', text }
    case 'many text many':
      return { comparison: 'contains', text }
    case 'text many':
      return { comparison: 'starts with', text }
    case 'many text':
      return { comparison: 'ends with', text }
    default:
      return /[*?]/.test(text)
        ? { comparison: 'matches', text: `^${patternOf(pieces)}$` }
        : { comparison: 'glob', text: globOf(pieces) }
  }
}

/** The pieces as a part of a regular expression. */
export function patternOf(pieces: readonly Piece[]): string {
  return pieces
    .map((piece) => (piece.kind === 'text' ? quoted(piece.text) : piece.kind === 'many' ? '.*' : '.'))
    .join('')
}

function globOf(pieces: readonly Piece[]): string {
  return pieces
    .map((piece) => (piece.kind === 'text' ? piece.text : piece.kind === 'many' ? '*' : '?'))
    .join('')
}
