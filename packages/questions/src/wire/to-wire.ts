import type { Filter, Question, Select, SensorUse, Test } from '../question.ts'
import { usesIn } from '../question.ts'
import { sensorNamed } from '../sensors/sensors.ts'
import { patternOf } from '../test-of.ts'
import { sensorHash } from './sensor-hash.ts'

const numeric = { '>': 'Greater', '>=': 'GreaterEqual', '<': 'Less', '<=': 'LessEqual' } as const

/** A question as Tanium's clients read it; the texts are those of `parse_question`. */
export function toWire(question: Question, text: string, isCanonical: boolean) {
  const { selects, from, group } = question
  const uses = usesIn(question)
  return {
    question_text: text,
    from_canonical_text: isCanonical ? 1 : 0,
    selects: selects.map(wireSelect),
    ...(from === null ? {} : { group: wireGroup(from) }),
    ...(group === null ? {} : { context_group: { name: group } }),
    sensor_references: [...new Set(uses.map(({ sensor }) => sensor))].map((name) => ({
      name,
      real_ms_avg: 0,
      start_char: String(Math.max(0, text.indexOf(name))),
    })),
    parameter_values: uses.flatMap(({ parameters }) => parameters),
  }
}

function wireSelect(select: Select) {
  const { filter } = select
  const sensor = wireSensor(select)
  if (filter === null) return { sensor }
  const test = filter.kind === 'not' ? filter.part : filter
  if (test.kind !== 'test') return { sensor, group: wireGroup(filter) }
  return { sensor, filter: wireFilter(test, filter.kind === 'not') }
}

function wireSensor({ sensor: name, parameters }: SensorUse) {
  if (parameters.length === 0) return { name, hash: sensorHash(name) }
  const keys = sensorNamed(name)?.parameters ?? []
  return {
    name,
    source_hash: sensorHash(name),
    parameters: parameters.map((value, place) => ({ key: `||${keys[place]?.key ?? place}||`, value })),
  }
}

function wireFilter(test: Test, isNegated: boolean) {
  const index = sensorNamed(test.sensor)?.columns.findIndex(({ name }) => name === test.column) ?? -1
  return {
    sensor: wireSensor(test),
    ...wireOperator(test),
    ignore_case_flag: true,
    not_flag: isNegated,
    all_times_flag: false,
    all_values_flag: false,
    max_age_seconds: 0,
    delimiter: index === -1 ? '' : '|',
    delimiter_index: index,
    substring_flag: false,
    substring_start: 0,
    substring_length: 0,
    utf8_flag: false,
  }
}

function wireOperator({ operator, value }: Test) {
  switch (operator) {
    case '>':
    case '>=':
    case '<':
    case '<=':
      return { operator: numeric[operator], value, value_type: 'Numeric' }
    case 'equals':
      return { operator: 'Equal', value, value_type: 'String' }
    default:
      return { operator: 'RegexMatch', value: patternOf(operator, value), value_type: 'String' }
  }
}

interface MadeGroup {
  readonly and_flag: boolean
  readonly not_flag: boolean
  readonly deleted_flag: false
  readonly filters: readonly ReturnType<typeof wireFilter>[]
  readonly sub_groups: readonly MadeGroup[]
}

function wireGroup(filter: Filter, isNegated = false): MadeGroup {
  if (filter.kind === 'not' && filter.part.kind !== 'test' && !isNegated) return wireGroup(filter.part, true)
  const parts = filter.kind === 'and' || filter.kind === 'or' ? filter.parts : [filter]
  const isSimple = (part: Filter) =>
    part.kind === 'test' || (part.kind === 'not' && part.part.kind === 'test')
  // Filters stand before sub-groups: a test behind a group becomes one too, so that the order stays.
  const firstGroup = parts.findIndex((part) => !isSimple(part))
  const isPlain = firstGroup === -1 || parts.slice(firstGroup).every((part) => !isSimple(part))
  const filters = isPlain ? parts.filter(isSimple) : []
  const groups = isPlain ? parts.filter((part) => !isSimple(part)) : parts
  return {
    and_flag: filter.kind !== 'or',
    not_flag: isNegated,
    deleted_flag: false,
    filters: filters.map(simpleFilter),
    sub_groups: groups.map((part) => wireGroup(part)),
  }
}

function simpleFilter(part: Filter) {
  const test = part.kind === 'not' ? part.part : part
  if (test.kind !== 'test') throw new TypeError('this is a group')
  return wireFilter(test, part.kind === 'not')
}
