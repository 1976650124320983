/** Offsets in UTF-16 units of the signal's text. */
export interface Range {
  readonly from: number
  readonly to: number
}

export const signalConditions = ['is', 'contains', 'starts with', 'ends with', 'matches'] as const
export type SignalCondition = (typeof signalConditions)[number]

/** A term of a known property whose condition and value fit it; object and property are the canonical names. */
export interface SignalTerm {
  readonly kind: 'term'
  readonly object: string
  readonly property: string
  readonly condition: SignalCondition
  readonly negate: boolean
  readonly value: string
  readonly at: Range
}

export interface SignalGroup {
  readonly kind: 'group'
  readonly part: Signal
  readonly at: Range
}

/** At least two parts, none of them of the same kind: redundant parentheses leave no trace. */
export interface SignalOperation {
  readonly kind: 'and' | 'or'
  readonly parts: readonly Signal[]
  readonly at: Range
}

export type Signal = SignalTerm | SignalGroup | SignalOperation

/** The terms in the order they were written. */
export function termsOf(signal: Signal): readonly SignalTerm[] {
  if (signal.kind === 'term') return [signal]
  return signal.kind === 'group' ? termsOf(signal.part) : signal.parts.flatMap(termsOf)
}
