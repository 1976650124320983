import type { Filter, Question, Select, SensorUse } from './question.ts'
import { quoted } from './words.ts'

/** The canonical text of a question: what is printed is read as this question and as no other. */
export function printQuestion({ selects, group, from }: Question): string {
  const machines = group === null ? 'all machines' : `all machines in ${quoted(group)}`
  const targets = from === null ? machines : `${machines} with ${printTop(from, true)}`
  return `Get ${selects.map(printSelect).join(' and ')} from ${targets}`
}

function printSelect(select: Select): string {
  const { filter } = select
  const name = printUse(select)
  if (filter === null) return name
  const test = filter.kind === 'not' ? filter.part : filter
  if (test.kind === 'test' && test.column === null) return `${name} ${printTest(test, filter.kind === 'not')}`
  return `${name} having ${printFilter(filter, false)}`
}

/** The outermost chain needs no parentheses. */
function printTop(filter: Filter, hasParameters: boolean): string {
  if (filter.kind !== 'and' && filter.kind !== 'or') return printFilter(filter, hasParameters)
  return filter.parts.map((part) => printFilter(part, hasParameters)).join(` ${filter.kind} `)
}

function printFilter(filter: Filter, hasParameters: boolean): string {
  switch (filter.kind) {
    case 'test':
      return `${printName(filter, hasParameters)} ${printTest(filter, false)}`
    case 'not': {
      const { part } = filter
      if (part.kind === 'test') return `${printName(part, hasParameters)} ${printTest(part, true)}`
      return `not ( ${printTop(part, hasParameters)} )`
    }
    default:
      return `( ${printTop(filter, hasParameters)} )`
  }
}

function printName(test: Extract<Filter, { kind: 'test' }>, hasParameters: boolean): string {
  const name = printUse(hasParameters ? test : { ...test, parameters: [] })
  return test.column === null ? name : `${name}:${test.column}`
}

function printTest({ operator, value }: Extract<Filter, { kind: 'test' }>, isNegated: boolean): string {
  const words = isNegated ? (operator === 'matches' ? 'does not match' : `not ${operator}`) : operator
  return `${words} ${quoted(value)}`
}

function printUse({ sensor, parameters }: SensorUse): string {
  return parameters.length === 0 ? sensor : `${sensor}[${parameters.map(quoted).join(',')}]`
}
