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
  | { readonly kind: 'unknown' | 'unfit' | 'placeholder'; readonly why: string }

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

const changes: ReadonlyMap<string, (before: Modifiers) => Modifiers> = new Map<
  string,
  (before: Modifiers) => Modifiers
>([
  ['contains', (before) => ({ ...before, place: 'contains' })],
  ['startswith', (before) => ({ ...before, place: 'starts with' })],
  ['endswith', (before) => ({ ...before, place: 'ends with' })],
  ['all', (before) => ({ ...before, all: true })],
  ['cased', (before) => ({ ...before, exact: true })],
  ['neq', (before) => ({ ...before, not: true })],
  ['windash', (before) => ({ ...before, dashes: true })],
  ['re', (before) => ({ ...before, kind: 'pattern', exact: true })],
  ['i', (before) => ({ ...before, exact: false })],
  ['m', (before) => ({ ...before, flags: `${before.flags}m` })],
  // Patterns are searched with `.` meaning newlines too, so there is nothing to do.
  ['s', (before) => before],
  ['cidr', (before) => ({ ...before, kind: 'network' })],
  ['fieldref', (before) => ({ ...before, kind: 'property' })],
  ['exists', (before) => ({ ...before, kind: 'exists' })],
  ['lt', (before) => ({ ...before, kind: 'less' })],
  ['lte', (before) => ({ ...before, kind: 'at most' })],
  ['gt', (before) => ({ ...before, kind: 'greater' })],
  ['gte', (before) => ({ ...before, kind: 'at least' })],
  ['wide', (before) => encodedAs('utf16le', before)],
  ['utf16le', (before) => encodedAs('utf16le', before)],
  ['utf16be', (before) => encodedAs('utf16be', before)],
  ['utf16', (before) => encodedAs('utf16', before)],
  ['base64', (before) => encodedAs('base64', before)],
  ['base64offset', (before) => encodedAs('base64offset', before)],
])

const most = 8

/** Reads what stands behind the field's name. */
export function readModifiers(words: readonly string[]): ReadModifiers {
  if (words.length > most) return { kind: 'unfit', why: `more than ${most} modifiers` }
  if (words.includes('expand')) return { kind: 'placeholder', why: 'placeholders have no values here' }
  let modifiers = plain
  for (const word of words) {
    const change = changes.get(word)
    if (change === undefined) return { kind: 'unknown', why: `there is no modifier “${word.slice(0, 40)}”` }
    modifiers = change(modifiers)
  }
  const why = misfit(words, modifiers)
  return why === undefined ? { kind: 'read', modifiers } : { kind: 'unfit', why }
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
