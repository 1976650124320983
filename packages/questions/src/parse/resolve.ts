import type { Filter, Question, Select } from '../question.ts'
import { sensorNamed } from '../sensors/sensors.ts'
import { all, not, testOf } from '../test-of.ts'
import type { Mention } from './mention.ts'
import type { FilterSyntax, QuestionSyntax } from './syntax.ts'

/** Which word of a chain without parentheses binds tighter. */
export type Tight = 'and' | 'or'
export type Choice = ReadonlyMap<Mention, string>

/** A question from its syntax, once it is decided which sensors are meant. */
export function resolve(syntax: QuestionSyntax, choice: Choice, tight: Tight): Question {
  const selects = syntax.selects.map(({ mention, filter }): Select => {
    const { sensor, parameters } = useOf(mention, choice)
    const row = { sensor, parameters, column: null }
    return {
      sensor,
      parameters,
      filter: filter === null ? null : resolveFilter(filter, { choice, tight, row }),
    }
  })
  const from = syntax.from === null ? null : resolveFilter(syntax.from, { choice, tight, row: null })
  return { selects, group: syntax.group, from }
}

/** All mentions of a syntax. */
export function mentionsIn({ selects, from }: QuestionSyntax): readonly Mention[] {
  const inSelects = selects.flatMap(({ mention, filter }) => [mention, ...mentionsOf(filter)])
  return [...inSelects, ...mentionsOf(from)]
}

/** Whether it depends on what binds tighter. */
export function isMixed({ selects, from }: QuestionSyntax): boolean {
  return [...selects.map(({ filter }) => filter), from].some(isMixedFilter)
}

interface Decided {
  readonly choice: Choice
  readonly tight: Tight
  /** The sensor whose rows are filtered. */
  readonly row: Use | null
}

interface Use {
  readonly sensor: string
  readonly parameters: readonly string[]
  readonly column: string | null
}

function resolveFilter(filter: FilterSyntax, decided: Decided): Filter {
  switch (filter.kind) {
    case 'test':
      return testOf(useInFilter(filter.mention, decided), filter.operator, filter.value)
    case 'not':
      return not(resolveFilter(filter.part, decided))
    case 'chain':
      return chain(
        filter.parts.map((part) => resolveFilter(part, decided)),
        filter.words,
        decided.tight,
      )
  }
}

/** In the filter of a sensor's rows its parameters need not be told again. */
function useInFilter(mention: Mention | null, { choice, row }: Decided): Use {
  if (mention === null) return row ?? { sensor: '', parameters: [], column: null }
  const use = useOf(mention, choice)
  return row !== null && use.sensor === row.sensor && use.parameters.length === 0
    ? { ...use, parameters: row.parameters }
    : use
}

function useOf(mention: Mention, choice: Choice): Use {
  const sensor = choice.get(mention) ?? mention.candidates[0]?.sensor ?? ''
  return { sensor, parameters: mention.parameters, column: columnOf(sensor, mention.column) }
}

/** In the spelling of the sensor's own list. */
function columnOf(sensor: string, written: string | null): string | null {
  const columns = sensorNamed(sensor)?.columns ?? []
  return columns.find(({ name }) => name.toLowerCase() === written?.toLowerCase())?.name ?? written
}

function chain(parts: readonly Filter[], words: readonly ('and' | 'or')[], tight: Tight): Filter {
  const loose = tight === 'and' ? 'or' : 'and'
  const bound: Filter[][] = [[]]
  for (const [place, part] of parts.entries()) {
    if (place > 0 && words[place - 1] === loose) bound.push([])
    bound.at(-1)?.push(part)
  }
  return all(
    loose,
    bound.map((each) => all(tight, each)),
  )
}

function mentionsOf(filter: FilterSyntax | null): readonly Mention[] {
  if (filter === null) return []
  if (filter.kind === 'test') return filter.mention === null ? [] : [filter.mention]
  return filter.kind === 'not' ? mentionsOf(filter.part) : filter.parts.flatMap(mentionsOf)
}

function isMixedFilter(filter: FilterSyntax | null): boolean {
  if (filter === null || filter.kind === 'test') return false
  if (filter.kind === 'not') return isMixedFilter(filter.part)
  return new Set(filter.words).size > 1 || filter.parts.some(isMixedFilter)
}
