import { nearestWord } from '@tocsin/model'

/** How the values of a field are changed and compared. */
export interface Modifiers {
  readonly place: 'whole' | 'contains' | 'starts with' | 'ends with'
  readonly kind: 'text' | 'pattern' | 'network' | 'property' | 'exists' | Ordering
  readonly all: boolean
  readonly exact: boolean
  readonly dashes: boolean
  readonly not: boolean
  /** Flags of a regular expression, such as `m`. */
  readonly flags: string
  /** In the order in which they are applied to a value. */
  readonly encodings: readonly Encoding[]
}

export type Ordering = 'less' | 'at most' | 'greater' | 'at least'
export type Encoding = 'utf16le' | 'utf16be' | 'utf16' | 'base64' | 'base64offset'

export type ReadModifiers =
  | { readonly kind: 'read'; readonly modifiers: Modifiers }
  | { readonly kind: 'unknown' | 'unfit' | 'refused'; readonly why: string }

export const plain: Modifiers = {
  place: 'whole',
  kind: 'text',
  all: false,
  exact: false,
  dashes: false,
  not: false,
  flags: '',
  encodings: [],
}

/** One modifier: what it means, and what it changes; without a change it is read and refused. */
export interface ModifierRow {
  readonly name: string
  readonly meaning: string
  readonly change?: (before: Modifiers) => Modifiers
}

const partOfTime = 'refused: no property holds a part of a time'

/** The modifiers of the specification; the reader of rules and the reference page read this table. */
export const sigmaModifiers: readonly ModifierRow[] = [
  row('contains', 'the value stands anywhere', (before) => ({ ...before, place: 'contains' })),
  row('startswith', 'the value stands at the beginning', (before) => ({ ...before, place: 'starts with' })),
  row('endswith', 'the value stands at the end', (before) => ({ ...before, place: 'ends with' })),
  row('all', 'all values of the list, not one of them', (before) => ({ ...before, all: true })),
  row('cased', 'upper and lower case differ', (before) => ({ ...before, exact: true })),
  row('neq', 'none of the values', (before) => ({ ...before, not: true })),
  row('windash', '`-`, `/` and the dashes U+2013 to U+2015 are the same', (before) => ({
    ...before,
    dashes: true,
  })),
  row('re', 'a regular expression in RE2 syntax, found anywhere; case counts', (before) => ({
    ...before,
    kind: 'pattern',
    exact: true,
  })),
  row('i', 'beside `re`: case does not count', (before) => ({ ...before, exact: false })),
  row('m', 'beside `re`: `^` and `$` also stand for the ends of lines', (before) => ({
    ...before,
    flags: `${before.flags}m`,
  })),
  // Patterns are searched with `.` meaning newlines too, so there is nothing to do.
  row('s', 'beside `re`: `.` also stands for a newline, which it always does here', (before) => before),
  row('cidr', 'an address of this network', (before) => ({ ...before, kind: 'network' })),
  row('fieldref', 'the value is the name of another field of the event', (before) => ({
    ...before,
    kind: 'property',
  })),
  row('exists', '`true`: the field has a value; `false`: it has none', (before) => ({
    ...before,
    kind: 'exists',
  })),
  row('lt', 'less than a number', (before) => ({ ...before, kind: 'less' })),
  row('lte', 'at most a number', (before) => ({ ...before, kind: 'at most' })),
  row('gt', 'greater than a number', (before) => ({ ...before, kind: 'greater' })),
  row('gte', 'at least a number', (before) => ({ ...before, kind: 'at least' })),
  row('wide', 'in UTF-16, low byte first', (before) => encodedAs('utf16le', before)),
  row('utf16le', 'in UTF-16, low byte first', (before) => encodedAs('utf16le', before)),
  row('utf16be', 'in UTF-16, high byte first', (before) => encodedAs('utf16be', before)),
  row('utf16', 'in UTF-16, low byte first, with a byte order mark', (before) => encodedAs('utf16', before)),
  row('base64', 'in Base64', (before) => encodedAs('base64', before)),
  row('base64offset', 'inside a Base64 text, at any offset', (before) => encodedAs('base64offset', before)),
  row('expand', 'refused: placeholders have no values here'),
  ...['minute', 'hour', 'day', 'week', 'month', 'year'].map((name) => row(name, partOfTime)),
]

function row(name: string, meaning: string, change?: ModifierRow['change']): ModifierRow {
  return { name, meaning, ...(change === undefined ? {} : { change }) }
}

const byName: ReadonlyMap<string, ModifierRow> = new Map(sigmaModifiers.map((each) => [each.name, each]))

const most = 8

/** Reads what stands behind the field's name. */
export function readModifiers(words: readonly string[]): ReadModifiers {
  if (words.length > most) return { kind: 'unfit', why: `more than ${most} modifiers` }
  let modifiers = plain
  for (const word of words) {
    const known = byName.get(word)
    if (known === undefined) return unknown(word)
    if (known.change === undefined) return { kind: 'refused', why: `“${word}” is ${known.meaning}` }
    modifiers = known.change(modifiers)
  }
  const why = misfit(words, modifiers)
  return why === undefined ? { kind: 'read', modifiers } : { kind: 'unfit', why }
}

function unknown(word: string): ReadModifiers {
  const near = nearestWord(word, [...byName.keys()])
  const hint = near === undefined ? '' : `; did you mean “${near}”?`
  return { kind: 'unknown', why: `there is no modifier “${word.slice(0, 40)}”${hint}` }
}

/** Why the modifiers do not go together; nothing if they do. */
function misfit(words: readonly string[], modifiers: Modifiers): string | undefined {
  const kinds = words.filter((word) => /^(?:re|cidr|fieldref|exists|[lg]te?)$/.test(word))
  if (kinds.length > 1) return `“${kinds.join('” and “')}” exclude each other`
  const [kind] = kinds
  const flag = words.find((word) => /^[ims]$/.test(word))
  if (flag !== undefined && kind !== 're') return `“${flag}” belongs to “re”`
  if (kind === undefined) return undefined
  if (modifiers.encodings.length > 0) return `“${kind}” takes no encoding`
  if (modifiers.place !== 'whole' && kind !== 'fieldref') return `“${kind}” compares whole values`
  return undefined
}

function encodedAs(encoding: Encoding, before: Modifiers): Modifiers {
  return { ...before, encodings: [...before.encodings, encoding] }
}
