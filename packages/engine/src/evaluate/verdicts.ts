import type { Verdict } from '@tocsin/model'

/** no-match < inconclusive < match; `and` is the least of its parts, `or` the greatest. */
export function least(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('no-match')) return 'no-match'
  return verdicts.includes('inconclusive') ? 'inconclusive' : 'match'
}

export function greatest(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('match')) return 'match'
  return verdicts.includes('inconclusive') ? 'inconclusive' : 'no-match'
}

/** `not` swaps the ends. */
export function swapped(verdict: Verdict): Verdict {
  if (verdict === 'inconclusive') return 'inconclusive'
  return verdict === 'match' ? 'no-match' : 'match'
}
