/** What a field of a log source is here. */
export type FieldTarget =
  | { readonly kind: 'property'; readonly property: string }
  /** One property of what goes out, another of what comes in. */
  | { readonly kind: 'sides'; readonly connect: string; readonly accept: string }
  /** `SHA256=…,MD5=…`. */
  | { readonly kind: 'hashes'; readonly object: 'process' | 'file' | 'image' | 'driver' }
  /** A property with other words for the same values. */
  | { readonly kind: 'words'; readonly property: string; readonly words: ReadonlyMap<string, string> }
  /** A key path, with the name of the value behind it where there is one. */
  | { readonly kind: 'registry' }
  /** One argument of a command line. */
  | { readonly kind: 'argument'; readonly number: number }

export function property(name: string): FieldTarget {
  return { kind: 'property', property: name }
}

const longestName = 200

/** What nobody records: readable in the document, never evaluable. */
export function foreign(field: string): string {
  return `foreign:sigma/${field.slice(0, longestName)}`
}
