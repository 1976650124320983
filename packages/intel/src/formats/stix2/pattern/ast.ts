import type { Micros } from '@tocsin/model'

export interface Place {
  readonly from: number
  readonly to: number
}

/** One step of an object path after its type: a key, or an index into a list. */
export type Step =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'index'; readonly index: number | '*' }

export interface ObjectPath {
  readonly objectType: string
  /** Starts with a key. */
  readonly steps: readonly Step[]
}

/** `text` is how a number or a time was written; `bytes` is lower-case hex. */
export type Constant =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number; readonly text: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'bytes'; readonly bytes: string }
  | { readonly kind: 'time'; readonly micros: Micros; readonly text: string }

export type Operator =
  | '='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'IN'
  | 'LIKE'
  | 'MATCHES'
  | 'ISSUBSET'
  | 'ISSUPERSET'

export type PropertyTest =
  | {
      readonly kind: 'test'
      readonly path: ObjectPath
      readonly isNegated: boolean
      readonly operator: Operator
      /** One, but for IN, which may have none. */
      readonly constants: readonly Constant[]
      readonly place: Place
    }
  | {
      readonly kind: 'exists'
      readonly path: ObjectPath
      readonly isNegated: boolean
      readonly place: Place
    }

export type ComparisonExpression =
  | PropertyTest
  | { readonly kind: 'and' | 'or'; readonly parts: readonly ComparisonExpression[] }

export type ObservationExpression =
  | { readonly kind: 'observation'; readonly comparison: ComparisonExpression; readonly place: Place }
  | {
      readonly kind: 'all' | 'any' | 'followed-by'
      readonly parts: readonly ObservationExpression[]
    }
  | { readonly kind: 'within'; readonly micros: Micros; readonly part: ObservationExpression }
  | { readonly kind: 'repeats'; readonly times: number; readonly part: ObservationExpression }
  | {
      readonly kind: 'start-stop'
      readonly from: Micros
      readonly until: Micros
      readonly part: ObservationExpression
    }

/** What is wrong with a pattern, with offsets into its text. */
export interface PatternProblem {
  readonly code: 'ST2010' | 'ST2011' | 'ST2012' | 'ST2013' | 'ST2014'
  readonly severity: 'error' | 'warning'
  readonly message: string
  readonly place: Place
}

/** Every property test of a comparison, in the order of the text. */
export function testsOf(comparison: ComparisonExpression): readonly PropertyTest[] {
  if (comparison.kind === 'test' || comparison.kind === 'exists') return [comparison]
  return comparison.parts.flatMap(testsOf)
}

/** Every observation of a pattern, in the order of the text. */
export function observationsOf(
  pattern: ObservationExpression,
): readonly Extract<ObservationExpression, { kind: 'observation' }>[] {
  if (pattern.kind === 'observation') return [pattern]
  return ('parts' in pattern ? pattern.parts : [pattern.part]).flatMap(observationsOf)
}
