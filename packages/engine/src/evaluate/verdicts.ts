import type { Verdict } from '@tocsin/model'

/** no-match < inconclusive < match; `and` is the least of its parts, `or` the greatest. */
export function least(verdicts: readonly Verdict[]): Verdict {
  return leastOf(verdicts, (verdict) => verdict)
}

/** Asks no further than it must. */
export function leastOf<Item>(items: readonly Item[], verdictOf: (item: Item) => Verdict): Verdict {
  let least: Verdict = 'match'
  for (const item of items) {
    const verdict = verdictOf(item)
    if (verdict === 'no-match') return verdict
    if (verdict === 'inconclusive') least = verdict
  }
  return least
}

export function greatest(verdicts: readonly Verdict[]): Verdict {
  return greatestOf(verdicts, (verdict) => verdict)
}

/** Asks no further than it must. */
export function greatestOf<Item>(items: readonly Item[], verdictOf: (item: Item) => Verdict): Verdict {
  let greatest: Verdict = 'no-match'
  for (const item of items) {
    const verdict = verdictOf(item)
    if (verdict === 'match') return verdict
    if (verdict === 'inconclusive') greatest = verdict
  }
  return greatest
}

/** `not` swaps the ends. */
export function swapped(verdict: Verdict): Verdict {
  if (verdict === 'inconclusive') return 'inconclusive'
  return verdict === 'match' ? 'no-match' : 'match'
}
