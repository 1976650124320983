import type { Operator } from '../question.ts'
import type { Mention } from './mention.ts'

/** A filter as it is written: which sensors are meant and what binds tighter is not decided yet. */
export type FilterSyntax =
  | {
      readonly kind: 'test'
      /** Null: the sensor whose rows are filtered. */
      readonly mention: Mention | null
      readonly operator: Operator
      readonly value: string
    }
  | { readonly kind: 'not'; readonly part: FilterSyntax }
  /** Parts with the words between them. */
  | {
      readonly kind: 'chain'
      readonly parts: readonly FilterSyntax[]
      readonly words: readonly ('and' | 'or')[]
    }

export interface SelectSyntax {
  readonly mention: Mention
  readonly filter: FilterSyntax | null
}

export interface QuestionSyntax {
  readonly selects: readonly SelectSyntax[]
  readonly group: string | null
  readonly from: FilterSyntax | null
}
