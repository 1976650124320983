import { type PropertyType, vocabulary } from '@tocsin/model'
import { readNetwork } from '../../networks.ts'
import { readLiteral } from '../lowering/literals.ts'
import { flawOfPattern } from '../lowering/patterns.ts'
import type { SigmaCode } from './codes.ts'
import { encoded } from './encode.ts'
import type { Modifiers } from './modifiers.ts'
import type { Value } from './terms.ts'
import { comparedAs, type Piece, piecesOf, placed } from './wildcards.ts'

export type ReadValue =
  | { readonly kind: 'values'; readonly values: readonly Value[] }
  | { readonly kind: 'flaw'; readonly code: SigmaCode; readonly why: string }

/** Longer patterns are refused when a program is loaded. */
const longestPattern = 8_192

/** One written value as the comparisons that it stands for; nothing of it touches the property's type yet. */
export function readValue(text: string, modifiers: Modifiers, property: string): ReadValue {
  switch (modifiers.kind) {
    case 'pattern':
      return readPattern(text, modifiers.flags)
    case 'network':
      return readNetwork(text.trim()) === undefined
        ? flaw('SGM012', 'is no network')
        : values([{ comparison: 'in network', literal: text.trim().toLowerCase() }])
    case 'text':
      return readText(text, modifiers, property)
    case 'less':
    case 'at most':
    case 'greater':
    case 'at least':
      return typed({ comparison: modifiers.kind, text }, numberTypeOf(property))
    default:
      return flaw('SGM009', 'is no value for these modifiers')
  }
}

function readPattern(text: string, flags: string): ReadValue {
  const pattern = flags === '' ? text : `(?${flags})${text}`
  if (pattern.length > longestPattern)
    return flaw('SGM010', `is longer than the ${longestPattern} characters of a pattern`)
  const why = text === '' ? 'the pattern is empty' : flawOfPattern(pattern)
  return why === undefined ? values([{ comparison: 'matches', literal: pattern }]) : flaw('SGM010', why)
}

function readText(text: string, { encodings, place }: Modifiers, property: string): ReadValue {
  const pieces = piecesOf(text)
  if (encodings.length === 0) return comparedIn(placed(pieces, place), property)
  if (pieces.some(({ kind }) => kind !== 'text'))
    return flaw('SGM009', 'has wildcards, which have no encoding')
  const plain = pieces.map((piece) => (piece.kind === 'text' ? piece.text : '')).join('')
  const variants = plain === '' ? [] : encoded(plain, encodings)
  if (variants.length === 0) return flaw('SGM012', 'is too short for its encoding')
  const read = variants.map((variant) =>
    comparedIn(placed([{ kind: 'text', text: variant }], place), property),
  )
  return (
    read.find(({ kind }) => kind === 'flaw') ??
    values(read.flatMap((each) => (each.kind === 'values' ? each.values : [])))
  )
}

function comparedIn(pieces: readonly Piece[], property: string): ReadValue {
  const compared = comparedAs(pieces)
  if (compared.comparison === 'exists') return values([{ comparison: 'exists', literal: true }])
  if (compared.text.length > longestPattern && /^(?:glob|matches)$/.test(compared.comparison))
    return flaw('SGM012', `is longer than the ${longestPattern} characters of a pattern`)
  return typed(compared, vocabulary.get(property)?.type ?? 'text')
}

/** Sigma's empty value is a value like any other; of every other text the property's type decides. */
function typed({ comparison, text }: ReturnType<typeof comparedAs>, type: PropertyType): ReadValue {
  const isText = type === 'text' || type === 'path'
  if (isText && text.trim() === '') return values([{ comparison, literal: text }])
  const read = readLiteral(type, comparison, text)
  if (read.kind === 'useless') return flaw('SGM012', read.why)
  return values([{ comparison: read.comparison, literal: read.literal }])
}

/** What is compared by size is a number, whatever a foreign field is. */
function numberTypeOf(property: string): PropertyType {
  return vocabulary.get(property)?.type ?? 'integer'
}

function values(read: readonly Value[]): ReadValue {
  return { kind: 'values', values: read }
}

function flaw(code: SigmaCode, why: string): ReadValue {
  return { kind: 'flaw', code, why }
}
