/** Lower-case hexadecimal SHA-256 of canonical bytes (RFC 8785), or of a blob's bytes. */
export type Digest = string
/** Microseconds since 1970-01-01 UTC, an integer. The API shows times as ISO 8601 with milliseconds and `Z`. */
export type Micros = number
export type Platform = 'linux' | 'windows' | 'macos'
/** The true kind of an intel document; Tanium's wire `type` is derived from it in server/tanium. */
export type Kind =
  | 'tanium-signal'
  | 'openioc'
  | 'stix'
  | 'cybox'
  | 'yara'
  | 'stix2'
  | 'sigma'
  | 'misp'
  | 'list'
export type EventObject =
  | 'process'
  | 'file'
  | 'network'
  | 'dns'
  | 'registry'
  | 'image'
  | 'driver'
  | 'security'
export type ObjectKind =
  | EventObject
  | 'connection'
  | 'route'
  | 'neighbour'
  | 'user'
  | 'service'
  | 'task'
  | 'persistence'
  | 'module'
  | 'mount'
  | 'package'
  | 'mutex'
  | 'host'
/** `bytes` is lower-case hex. Text holds neither U+0000 nor a lone surrogate: PostgreSQL refuses both. */
export type Literal =
  | string
  | number
  | boolean
  | null
  | { readonly bytes: string }
  | { readonly time: Micros }
/** A known prefix of a longer value (argv beyond its cap). */
export interface Cut {
  readonly cut: string
}
/**
 * What an instance says of one property. `whole: false`: there may be more than we know.
 * A missing key means the same as `{values: [], whole: false}`; known to be absent is `{values: [], whole: true}`.
 */
export interface Field {
  readonly values: readonly (Literal | Cut)[]
  readonly whole: boolean
}
/** Keys are rows of vocabulary.ts, such as `process.path` or `file.sha256`. */
export type Fields = Readonly<Record<string, Field>>

export const unknownField: Field = { values: [], whole: false }
export const absentField: Field = { values: [], whole: true }
/** A property whose one value is known. */
export const known = (value: Literal): Field => ({ values: [value], whole: true })
