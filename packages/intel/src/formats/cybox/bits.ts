import type { Term } from '@tocsin/model'

/** A condition on a number's bits: those that must be set and those that must not, each as a power of two. */
export interface BitPattern {
  readonly set: readonly number[]
  readonly clear: readonly number[]
}

/** Numbers beyond this are not exact. */
const widest = 53

/**
 * CybOX: the value, combined with the mask, is the result. Our terms ask for single bits, so the equation is solved
 * for the value. Nothing if no value solves it.
 */
export function solveBits(
  comparison: Extract<Term['comparison'], 'bit and' | 'bit or' | 'bit xor'>,
  mask: number,
  result: number,
): BitPattern | undefined {
  const set: number[] = []
  const clear: number[] = []
  for (let position = 0; position < widest; position += 1) {
    const isMasked = isSet(mask, position)
    const isWanted = isSet(result, position)
    if (comparison === 'bit xor') (isWanted === isMasked ? clear : set).push(2 ** position)
    else if (isMasked === (comparison === 'bit and')) (isWanted ? set : clear).push(2 ** position)
    else if (isWanted !== isMasked) return undefined
  }
  return { set, clear }
}

function isSet(number: number, position: number): boolean {
  return Math.floor(number / 2 ** position) % 2 === 1
}
