/** What a question asks for, and of whom. */
export interface Question {
  readonly selects: readonly Select[]
  /** Name of the computer group whose endpoints are asked; null: all that the asker may ask. */
  readonly group: string | null
  /** Holds of the endpoints that answer; null: of all. */
  readonly from: Filter | null
}

export interface SensorUse {
  readonly sensor: string
  /** In the order of the sensor's; those at the end may be left out where they have a usual value. */
  readonly parameters: readonly string[]
}

/** One sensor with the rows of it that are wanted; null: all. */
export interface Select extends SensorUse {
  readonly filter: Filter | null
}

export type Operator =
  | 'contains'
  | 'starts with'
  | 'ends with'
  | 'equals'
  | 'matches'
  | '>'
  | '>='
  | '<'
  | '<='

export interface Test extends SensorUse {
  readonly kind: 'test'
  /** One of the sensor's columns; null: any of them. */
  readonly column: string | null
  readonly operator: Operator
  readonly value: string
}

export type Filter =
  | Test
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Filter[] }
  | { readonly kind: 'not'; readonly part: Filter }

/** What a question may hold. */
export const questionLimits = {
  text: 10_000,
  selects: 20,
  tests: 100,
  depth: 8,
  parameter: 4_096,
  group: 255,
} as const

/** All tests of a filter. */
export function testsOf(filter: Filter | null): readonly Test[] {
  if (filter === null) return []
  if (filter.kind === 'test') return [filter]
  return filter.kind === 'not' ? testsOf(filter.part) : filter.parts.flatMap(testsOf)
}

/** Every use of a sensor in it. */
export function usesIn({ selects, from }: Question): readonly SensorUse[] {
  return [...selects, ...testsOf(from)]
}
