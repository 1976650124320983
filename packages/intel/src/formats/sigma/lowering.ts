import type { Condition } from '@tocsin/model'
import type { Range, Remarks } from './remarks.ts'
import type { Source } from './sources.ts'

/** What lowering one rule needs and fills. */
export interface Lowering {
  readonly source: Source
  readonly remarks: Remarks
  /** Where each node was written. */
  readonly written: Map<Condition, Range>
}

/** Notes where a condition was written. */
export function writtenAt(condition: Condition, at: Range, { written }: Lowering): Condition {
  if (!written.has(condition)) written.set(condition, at)
  return condition
}
