import type { Comparison, Condition } from '@tocsin/model'
import type { SigmaCode } from './codes.ts'
import type { Modifiers } from './modifiers.ts'
import type { Source } from './sources.ts'
import { type FieldTarget, foreign } from './targets.ts'
import { everyOf, someOf, termOf } from './terms.ts'
import { readValue } from './values.ts'
import { comparedAs, patternOf, piecesOf, placed } from './wildcards.ts'

export interface Field {
  readonly name: string
  readonly target: FieldTarget
  readonly modifiers: Modifiers
  readonly object: Source['object']
}

export type Lowered =
  | { readonly kind: 'condition'; readonly condition: Condition }
  | { readonly kind: 'flaw'; readonly code: SigmaCode; readonly why: string }

/** A field that has one written value. */
export function lowerValue(text: string, field: Field): Lowered {
  const { target } = field
  switch (target.kind) {
    case 'property':
      return onProperty(text, target.property, field)
    case 'sides':
      return onProperty(text, target.connect, field)
    case 'words':
      return onWord(text, target, field)
    case 'hashes':
      return onHashes(text, target.object, field)
    case 'registry':
      return onRegistry(text, field)
    case 'argument':
      return onArgument(text, target.number, field)
  }
}

/** A field that has any value at all. */
export function lowerExistence(field: Field): Condition {
  const value = { comparison: 'exists', literal: true } as const
  return termOf(field.object, propertyOf(field), value, field.modifiers)
}

/** The one property that stands for a field where only one can. */
export function propertyOf({ target, name }: Pick<Field, 'target' | 'name'>): string {
  switch (target.kind) {
    case 'property':
    case 'words':
      return target.property
    case 'sides':
      return target.connect
    case 'registry':
      return 'registry.key_path'
    case 'argument':
      return 'process.command_line'
    default:
      return foreign(name)
  }
}

function onProperty(text: string, property: string, { modifiers, object }: Field): Lowered {
  const read = readValue(text, modifiers, property)
  if (read.kind === 'flaw') return read
  return condition(
    someOf(
      read.values.map((value) => termOf(object, property, value, modifiers)),
      object,
    ),
  )
}

function onWord(
  text: string,
  { property, words }: Extract<FieldTarget, { kind: 'words' }>,
  field: Field,
): Lowered {
  if (field.modifiers.kind !== 'text') return flaw('such words are only compared as text')
  const { comparison, text: wanted } = comparedAs(placed(piecesOf(text.trim()), field.modifiers.place))
  const meant = [...words].filter(([word]) => fits(word, comparison, wanted.toLowerCase()))
  if (meant.length === 0) return flaw(`no endpoint records these; known are ${[...words.keys()].join(', ')}`)
  const literals = [...new Set(meant.map(([, literal]) => literal))]
  const terms = literals.map((literal) =>
    termOf(field.object, property, { comparison: 'is', literal }, field.modifiers),
  )
  return condition(someOf(terms, field.object))
}

/** The few words of a field are compared here and now. */
function fits(word: string, comparison: Comparison, wanted: string): boolean {
  switch (comparison) {
    case 'is':
      return word === wanted
    case 'contains':
      return word.includes(wanted)
    case 'starts with':
      return word.startsWith(wanted)
    case 'ends with':
      return word.endsWith(wanted)
    default:
      return comparison === 'exists'
  }
}

/** `SHA256=…` with or without wildcards around it, or a bare hash; other hashes are recorded nowhere. */
function onHashes(text: string, owner: string, field: Field): Lowered {
  const [, named, hash = ''] = /^\**(?:(md5|sha1|sha256)=)?([0-9a-f]{32,64})[*,]*$/i.exec(text.trim()) ?? []
  const kind = { 32: 'md5', 40: 'sha1', 64: 'sha256' }[hash.length]
  const isNamed = named === undefined || named.toLowerCase() === kind
  if (kind === undefined || !isNamed || field.modifiers.kind !== 'text')
    return flaw('of hashes only whole MD5, SHA-1 and SHA-256 are recorded')
  const value = { comparison: 'is', literal: hash.toLowerCase() } as const
  return condition(termOf(field.object, `${owner}.${kind}`, value, { exact: false, dashes: false }))
}

/** A registry path may end in the name of a value, which has a property of its own. */
function onRegistry(text: string, field: Field): Lowered {
  const { modifiers, object } = field
  const whole = onProperty(text, 'registry.key_path', field)
  const pieces = modifiers.kind === 'text' ? placed(piecesOf(text), modifiers.place) : []
  const { comparison, text: path } = comparedAs(pieces)
  if (whole.kind === 'flaw' || modifiers.encodings.length > 0 || modifiers.kind !== 'text') return whole
  const on = (property: string, how: 'is' | 'contains' | 'starts with' | 'ends with', literal: string) =>
    termOf(object, property, { comparison: how, literal }, modifiers)
  const cut = path.lastIndexOf('\\')
  const key = path.slice(0, Math.max(cut, 0))
  const name = path.slice(cut + 1)
  const opensKey = comparison === 'contains' || comparison === 'ends with'
  const opensName = comparison === 'contains' || comparison === 'starts with'
  if (comparison !== 'is' && !opensKey && !opensName) return whole
  const keyPart = key === '' ? [] : [on('registry.key_path', opensKey ? 'ends with' : 'is', key)]
  const isAnyName = name === '' && opensName
  const inName = cut < 0 ? comparison : opensName ? 'starts with' : 'is'
  if (name === '' && !isAnyName) return whole
  if (cut < 0 && !opensKey) return whole
  const namePart = isAnyName ? [] : [on('registry.value_name', inName, name)]
  const split = [...keyPart, ...namePart]
  return split.length === 0 ? whole : condition(someOf([whole.condition, everyOf(split, object)], object))
}

/**
 * The argument's place among the words of the command line.
 * Limit: arguments of auditd rules are found by their place between blanks, which an argument with blanks shifts.
 */
function onArgument(text: string, number: number, field: Field): Lowered {
  const { modifiers, object } = field
  if (modifiers.kind !== 'text' || modifiers.encodings.length > 0)
    return onProperty(text, 'process.command_line', field)
  const literal = `^(?:[^ ]* ){${number}}${patternOf(placed(piecesOf(text), modifiers.place))}(?: |$)`
  const pattern = { ...modifiers, kind: 'pattern' } as const
  const read = readValue(literal, pattern, 'process.command_line')
  if (read.kind === 'flaw') return read
  return condition(
    someOf(
      read.values.map((value) => termOf(object, 'process.command_line', value, modifiers)),
      object,
    ),
  )
}

function condition(lowered: Condition): Lowered {
  return { kind: 'condition', condition: lowered }
}

function flaw(why: string): Lowered {
  return { kind: 'flaw', code: 'SGM012', why }
}
