/** Where libyara keeps what it tells of a match; bytes from the beginning of each structure, 64 bits. */
export interface Layout {
  /** Versions that were compiled and measured. */
  readonly versions: string
  /** As the linker knows the library. */
  readonly library: string
  readonly rule: { readonly identifier: number; readonly strings: number; readonly namespace: number }
  /** Of the scan's context. */
  readonly matches: number
}

/** The same in all of them. */
export const fixed = {
  namespaceName: 0,
  string: { flags: 0, index: 4, identifier: 48, size: 56, lastInRule: 0x1000 },
  /** Head of a list of matches. */
  list: { head: 0, size: 24 },
  match: { base: 0, offset: 8, length: 16, next: 40, isPrivate: 52 },
} as const

/**
 * libyara tells its version to compilers only, and its structures are read where they lie; so each layout is tried on
 * rules with known results before it is used, and an unknown version is not used.
 */
export const layouts: readonly Layout[] = [
  {
    versions: '4.5',
    library: 'libyara.so.10',
    rule: { identifier: 16, strings: 40, namespace: 48 },
    matches: 160,
  },
  {
    versions: '4.3',
    library: 'libyara.so.10',
    rule: { identifier: 8, strings: 32, namespace: 40 },
    matches: 160,
  },
  {
    versions: '4.2',
    library: 'libyara.so.9',
    rule: { identifier: 8, strings: 32, namespace: 40 },
    matches: 160,
  },
]
