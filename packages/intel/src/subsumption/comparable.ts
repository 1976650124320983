import type { Digest, Program } from '@tocsin/model'

/** What documents are compared by; programs and documents both have it. */
export interface Comparable extends Pick<Program, 'subject' | 'condition' | 'platforms' | 'valid'> {
  /** Values of sets; a set that is missing here is only equal to itself. */
  readonly blobs?: ReadonlyMap<Digest, Uint8Array>
}

/** How much of a comparison may still be done; what is not decided within it is not claimed. */
export interface Budget {
  left: number
}

/** Counts a step; false if there is no more to spend. */
export function spend(budget: Budget): boolean {
  budget.left -= 1
  return budget.left >= 0
}
