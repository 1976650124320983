import type { ComparisonExpression, Constant, ObjectPath, Operator, PropertyTest, Step } from './ast.ts'
import { before, demand, grouped, next, peek, type Reader, refuse, takes, unexpected } from './reader.ts'

// comparisonExpression := and { OR and }
export function anyComparison(reader: Reader): ComparisonExpression {
  const first = allComparisons(reader)
  const parts = [first]
  while (takes(reader, 'OR')) parts.push(allComparisons(reader))
  return parts.length === 1 ? first : { kind: 'or', parts }
}

// comparisonExpressionAnd := propTest { AND propTest }
function allComparisons(reader: Reader): ComparisonExpression {
  const first = propertyTest(reader)
  const parts = [first]
  while (takes(reader, 'AND')) parts.push(propertyTest(reader))
  return parts.length === 1 ? first : { kind: 'and', parts }
}

// propTest := path [NOT] operator constant | '(' comparison ')' | [NOT] EXISTS path
function propertyTest(reader: Reader): ComparisonExpression {
  const { text, from } = peek(reader)
  if (text === '(') return grouped(reader, anyComparison)
  if (text === 'NOT' || text === 'EXISTS') {
    const isNegated = takes(reader, 'NOT')
    demand(reader, 'EXISTS')
    const path = objectPath(reader)
    return { kind: 'exists', path, isNegated, place: { from, to: before(reader).to } }
  }
  const path = objectPath(reader)
  const isNegated = takes(reader, 'NOT')
  const operator = operatorOf(reader)
  const constants = constantsFor(operator, reader)
  return {
    kind: 'test',
    path,
    isNegated,
    operator,
    constants,
    place: { from, to: before(reader).to },
  } satisfies PropertyTest
}

const operators: Readonly<Record<string, Operator>> = {
  '=': '=',
  '==': '=',
  '!=': '!=',
  '<>': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
  IN: 'IN',
  LIKE: 'LIKE',
  MATCHES: 'MATCHES',
  ISSUBSET: 'ISSUBSET',
  ISSUPERSET: 'ISSUPERSET',
}

function operatorOf(reader: Reader): Operator {
  const token = next(reader)
  const isPossible = token.kind === 'sign' || token.kind === 'keyword'
  const operator = isPossible && Object.hasOwn(operators, token.text) ? operators[token.text] : undefined
  if (operator === undefined) throw unexpected(reader, 'a comparison', token)
  return operator
}

function constantsFor(operator: Operator, reader: Reader): readonly Constant[] {
  if (operator === 'IN') return setLiteral(reader)
  const token = next(reader)
  if (token.kind !== 'constant') throw unexpected(reader, 'a value', token)
  const { constant } = token
  const wantsText = /^[A-Z]/.test(operator)
  const wantsOrder = operator.startsWith('<') || operator.startsWith('>')
  if (wantsText && constant.kind !== 'text') throw unexpected(reader, 'a string', token)
  if (wantsOrder && constant.kind === 'boolean') throw unexpected(reader, 'a value that has an order', token)
  return [constant]
}

// setLiteral := '(' [ constant { ',' constant } ] ')'
function setLiteral(reader: Reader): readonly Constant[] {
  const open = peek(reader)
  demand(reader, '(')
  const constants: Constant[] = []
  if (takes(reader, ')')) return constants
  do {
    const token = next(reader)
    if (token.kind !== 'constant') throw unexpected(reader, 'a value', token)
    constants.push(token.constant)
  } while (takes(reader, ','))
  demand(reader, ')')
  if (new Set(constants.map(({ kind }) => kind)).size > 1)
    refuse(reader, 'the values of a set are of different types', open)
  return constants
}

// objectPath := type ':' first { '.' key | '[' index ']' }
function objectPath(reader: Reader): ObjectPath {
  const type = next(reader)
  if (type.kind !== 'word') throw unexpected(reader, 'an object type', type)
  demand(reader, ':')
  const steps: Step[] = [key(reader)]
  for (;;) {
    if (takes(reader, '.')) steps.push(key(reader))
    else if (takes(reader, '[')) steps.push(index(reader))
    else return { objectType: type.text, steps }
  }
}

function key(reader: Reader): Step {
  const token = next(reader)
  if (token.kind === 'word' && !token.hasHyphen) return { kind: 'key', key: token.text }
  if (token.kind === 'constant' && token.constant.kind === 'text')
    return { kind: 'key', key: token.constant.value }
  throw unexpected(reader, 'a property name (quoted if it has a hyphen)', token)
}

function index(reader: Reader): Step {
  const token = next(reader)
  const isWhole =
    token.kind === 'constant' && token.constant.kind === 'number' && Number.isInteger(token.constant.value)
  if (token.text !== '*' && (!isWhole || token.text.includes('.')))
    throw unexpected(reader, 'an index or *', token)
  demand(reader, ']')
  return { kind: 'index', index: token.text === '*' ? '*' : Number(token.text) }
}
