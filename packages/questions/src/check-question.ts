import { patternOf as compiledPattern } from '@tocsin/engine/compare/pattern.ts'
import type { Diagnostic } from '@tocsin/model'
import { amountOf } from './amount.ts'
import { type QuestionCode, questionCodes } from './parse/fault.ts'
import {
  type Filter,
  type Question,
  questionLimits,
  type SensorUse,
  type Test,
  testsOf,
  usesIn,
} from './question.ts'
import type { Column, Sensor } from './sensors/sensor.ts'
import { sensorNamed } from './sensors/sensors.ts'

/** What is wrong with a question, from a text or from a wire form. */
export function checkQuestion(question: Question): readonly Diagnostic[] {
  const filters = [...question.selects.map(({ filter }) => filter), question.from]
  const tests = filters.flatMap(testsOf)
  if (
    question.selects.length > questionLimits.selects ||
    tests.length > questionLimits.tests ||
    filters.some((filter) => depthOf(filter) > questionLimits.depth)
  )
    return [fault('QST008', questionCodes.QST008)]
  return [
    ...checkGroup(question),
    ...usesIn(question).flatMap(checkUse),
    ...question.selects.flatMap(checkOwn),
    ...tests.flatMap(checkTest),
  ]
}

function checkGroup({ group }: Question): Diagnostic[] {
  if (group === null || group.length <= questionLimits.group) return []
  return [fault('QST002', 'the name of the group is too long')]
}

function checkUse({ sensor: name, parameters }: SensorUse): Diagnostic[] {
  const sensor = sensorNamed(name)
  if (sensor === undefined) return [fault('QST003', `no sensor is called "${name}"`)]
  const missing = sensor.parameters.find(
    ({ usual }, place) => usual === undefined && (parameters[place] ?? '') === '',
  )
  if (missing !== undefined)
    return [fault('QST004', `${sensor.name} needs a parameter: ${missing.label}`, exampleOf(sensor))]
  if (parameters.length > sensor.parameters.length)
    return [fault('QST004', `${sensor.name} takes ${countOf(sensor.parameters.length)}`)]
  if (parameters.some((each) => each.length > questionLimits.parameter))
    return [fault('QST004', `a parameter of ${sensor.name} is too long`)]
  return []
}

/** The rows of a sensor can only be tested by themselves. */
function checkOwn(select: Question['selects'][number]): Diagnostic[] {
  return testsOf(select.filter)
    .filter((test) => test.sensor !== select.sensor)
    .map((test) => fault('QST002', `rows of ${select.sensor} cannot be tested by ${test.sensor}`))
    .slice(0, 1)
}

function checkTest(test: Test): Diagnostic[] {
  const sensor = sensorNamed(test.sensor)
  if (sensor === undefined) return []
  const column = sensor.columns.find(({ name }) => name === test.column)
  if (test.column !== null && column === undefined)
    return [fault('QST005', `${sensor.name} has no column "${test.column}"`, columnsHint(sensor))]
  if (test.value.length > questionLimits.text) return [fault('QST002', 'a value is too long')]
  if (test.operator === 'matches') return checkPattern(test.value)
  return isOrdering(test) ? checkOrdering(test, sensor, column) : []
}

/** Without a column the unit of the value has to tell which one is meant. */
function checkOrdering(test: Test, sensor: Sensor, named: Column | undefined): Diagnostic[] {
  const columns = (named === undefined ? sensor.columns : [named]).filter(isNumeric)
  if (columns.length === 0) return [fault('QST006', `${nameOf(sensor, named)} is no number`)]
  const fitting = columns.filter(({ type }) => amountOf(test.value, type) !== undefined)
  if (fitting.length === 1) return []
  if (fitting.length === 0)
    return [fault('QST006', `"${test.value}" is no value of ${nameOf(sensor, named)}`)]
  return [fault('QST005', `${test.operator} needs one column of ${sensor.name}`, columnsHint(sensor))]
}

function isNumeric({ type }: Column): boolean {
  return type !== 'text' && type !== 'flag'
}

function nameOf(sensor: Sensor, column: Column | undefined): string {
  return column === undefined || column.name === sensor.name
    ? sensor.name
    : `${column.name} of ${sensor.name}`
}

function checkPattern(pattern: string): Diagnostic[] {
  try {
    compiledPattern(pattern, false)
    return []
  } catch (error) {
    return [fault('QST007', error instanceof Error ? error.message.slice(0, 200) : String(error))]
  }
}

export function isOrdering({ operator }: Pick<Test, 'operator'>): boolean {
  return operator === '>' || operator === '>=' || operator === '<' || operator === '<='
}

function depthOf(filter: Filter | null): number {
  if (filter === null || filter.kind === 'test') return 0
  if (filter.kind === 'not') return 1 + depthOf(filter.part)
  return 1 + Math.max(0, ...filter.parts.map(depthOf))
}

function columnsHint({ columns }: Sensor): string {
  return `Its columns are ${columns.map(({ name }) => name).join(', ')}.`
}

function exampleOf({ name, parameters }: Sensor): string {
  return `Write ${name}[${parameters.map(({ label }) => label).join(', ')}].`
}

function countOf(parameters: number): string {
  if (parameters === 0) return 'no parameter'
  return parameters === 1 ? 'one parameter' : `${parameters} parameters`
}

function fault(code: QuestionCode, message: string, hint?: string): Diagnostic {
  return { code, severity: 'error', message, ...(hint === undefined ? {} : { hint }) }
}
