import type { Condition, Micros } from '@tocsin/model'
import { isNever } from './compose.ts'

/** When an indicator counts: from ≤ at < until. */
export interface Validity {
  readonly from: Micros | undefined
  readonly until: Micros | undefined
}

/** A condition takes times that are finite; this one is in the year 2255. */
export const farUntil: Micros = Number.MAX_SAFE_INTEGER

export function validAt({ from, until }: Validity, part: Condition): Condition {
  if ((from === undefined && until === undefined) || isNever(part)) return part
  return { kind: 'during', from: from ?? 0, until: until ?? farUntil, part }
}
