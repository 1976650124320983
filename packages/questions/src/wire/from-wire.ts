import type { Diagnostic } from '@tocsin/model'
import { checkQuestion } from '../check-question.ts'
import { QuestionFault, questionCodes } from '../parse/fault.ts'
import type { Filter, Operator, Question, Select, SensorUse } from '../question.ts'
import { sensorNamed } from '../sensors/sensors.ts'
import { all, not, testOf } from '../test-of.ts'
import { sensorOfHash } from './sensor-hash.ts'
import type { WireFilter, WireGroup, WireQuestion, WireSensor } from './shape.ts'

const operators: Readonly<Record<string, Operator>> = {
  RegexMatch: 'matches',
  Equal: 'equals',
  Greater: '>',
  GreaterEqual: '>=',
  Less: '<',
  LessEqual: '<=',
}

// Limit: the wire form's all_values_flag, max_age_seconds and substring_* are not heard, and case is always ignored.
/** The question that a wire form says, or what is wrong with it. The group is named by `groupName` where it has an id. */
export function fromWire(
  wire: WireQuestion,
  groupName: string | null = wire.context_group?.name ?? null,
): { readonly question: Question } | { readonly diagnostics: readonly Diagnostic[] } {
  try {
    const selects = wire.selects.map(selectOf)
    const from = wire.group == null ? null : filterOf(wire.group)
    const question = { selects, group: groupName, from }
    const diagnostics = checkQuestion(question)
    return diagnostics.length > 0 ? { diagnostics } : { question }
  } catch (error) {
    if (error instanceof QuestionFault) return { diagnostics: [error.diagnostic] }
    throw error
  }
}

function selectOf({ sensor, filter, group }: WireQuestion['selects'][number]): Select {
  const use = useOf(sensor)
  const parts = [
    ...(filter == null ? [] : [testFrom(filter, use)]),
    ...(group == null ? [] : [filterOf(group, use)].filter((each) => each !== null)),
  ]
  return { ...use, filter: parts.length === 0 ? null : all('and', parts) }
}

/** Nothing if the group holds none, as clients send it for a question to all. */
function filterOf(group: WireGroup, of?: SensorUse): Filter | null {
  const { filters = [], sub_groups: groups = [] } = group
  const parts = [
    ...filters.map((filter) => testFrom(filter, of)),
    ...groups.map((each) => filterOf(each, of)).filter((each) => each !== null),
  ]
  if (parts.length === 0) return null
  const filter = all(group.and_flag === false ? 'or' : 'and', parts)
  return group.not_flag === true ? not(filter) : filter
}

function testFrom(filter: WireFilter, of?: SensorUse): Filter {
  const operator = operators[filter.operator === 'NotEqual' ? 'Equal' : filter.operator]
  if (operator === undefined)
    throw new QuestionFault('QST009', `the operator "${filter.operator}" means nothing here`)
  const use = useOf(filter.sensor, of)
  const test = testOf({ ...use, column: columnOf(filter, use) }, operator, filter.value)
  return (filter.not_flag === true) !== (filter.operator === 'NotEqual') ? not(test) : test
}

function columnOf(
  { delimiter, delimiter_index: index = -1 }: WireFilter,
  { sensor }: SensorUse,
): string | null {
  if (index < 0 || delimiter === undefined || delimiter === '') return null
  const column = sensorNamed(sensor)?.columns[index]
  if (column === undefined) throw new QuestionFault('QST005', `${sensor} has no column ${index}`)
  return column.name
}

/** In a filter of a sensor's rows its parameters need not be told again. */
function useOf(wire: WireSensor, of?: SensorUse): SensorUse {
  const { name, parameters = [] } = wire
  const hash = wire.source_hash ?? wire.hash
  const sensor = name === undefined ? sensorOfHash(hash ?? -1) : sensorNamed(name)
  if (sensor === undefined)
    throw new QuestionFault('QST003', `${questionCodes.QST003.slice(0, -1)}: ${name ?? hash ?? ''}`)
  if (parameters.length === 0 && of?.sensor === sensor.name) return of
  const values = sensor.parameters.map(({ key }, place) => {
    const named = parameters.find((each) => each.key.replaceAll('|', '') === key)
    return (
      named ?? (parameters[place]?.key.replaceAll('|', '') === String(place) ? parameters[place] : undefined)
    )?.value
  })
  const unknown = parameters.length - values.filter((value) => value !== undefined).length
  if (unknown > 0) throw new QuestionFault('QST004', `${sensor.name} has no such parameter`)
  const last = values.findLastIndex((value) => value !== undefined)
  return {
    sensor: sensor.name,
    parameters: values
      .slice(0, last + 1)
      .map((value, place) => value ?? sensor.parameters[place]?.usual ?? ''),
  }
}
