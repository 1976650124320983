import type { Digest, ObjectKind } from '@tocsin/model'
import type { Findings } from '../lowering/findings.ts'

/** What the fields of one object share. */
export interface FieldContext {
  readonly object: ObjectKind
  /** The object's type without `ObjectType`. */
  readonly typeName: string
  /** The object is of Windows: names and paths ignore case. */
  readonly isWindows: boolean
  readonly findings: Findings
  /** Rules about bytes go here. */
  readonly blobs: Map<Digest, Uint8Array>
}
