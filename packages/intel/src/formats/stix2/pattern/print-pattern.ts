import type { ComparisonExpression, Constant, ObjectPath, ObservationExpression } from './ast.ts'

/** Writes a pattern so that reading it gives the same pattern. */
export function printPattern(pattern: ObservationExpression): string {
  switch (pattern.kind) {
    case 'observation':
      return `[${printComparison(pattern.comparison)}]`
    case 'within':
      return `${operand(pattern.part)} WITHIN ${secondsOf(pattern.micros)} SECONDS`
    case 'repeats':
      return `${operand(pattern.part)} REPEATS ${pattern.times} TIMES`
    case 'start-stop':
      return `${operand(pattern.part)} START t'${timeOf(pattern.from)}' STOP t'${timeOf(pattern.until)}'`
    default:
      return pattern.parts.map(operand).join(` ${words[pattern.kind]} `)
  }
}

const words = { all: 'AND', any: 'OR', 'followed-by': 'FOLLOWEDBY' } as const

function operand(part: ObservationExpression): string {
  return 'parts' in part ? `(${printPattern(part)})` : printPattern(part)
}

function printComparison(comparison: ComparisonExpression): string {
  switch (comparison.kind) {
    case 'exists':
      return `${comparison.isNegated ? 'NOT ' : ''}EXISTS ${printPath(comparison.path)}`
    case 'test': {
      const { path, isNegated, operator, constants } = comparison
      const values = constants.map(printConstant).join(', ')
      return `${printPath(path)}${isNegated ? ' NOT' : ''} ${operator} ${operator === 'IN' ? `(${values})` : values}`
    }
    default:
      return comparison.parts
        .map((part) => ('parts' in part ? `(${printComparison(part)})` : printComparison(part)))
        .join(comparison.kind === 'and' ? ' AND ' : ' OR ')
  }
}

/** The one spelling of a path: keys are quoted only where they have to be. */
export function printPath({ objectType, steps }: ObjectPath): string {
  const written = steps.map((step, number) => {
    if (step.kind === 'index') return `[${step.index}]`
    return `${number === 0 ? '' : '.'}${printKey(step.key)}`
  })
  return `${objectType}:${written.join('')}`
}

const keywords =
  /^(?:AND|OR|NOT|FOLLOWEDBY|LIKE|MATCHES|ISSUPERSET|ISSUBSET|EXISTS|LAST|IN|START|STOP|SECONDS|true|false|WITHIN|REPEATS|TIMES)$/

function printKey(key: string): string {
  return /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(key) && !keywords.test(key) ? key : quoted(key)
}

function printConstant(constant: Constant): string {
  switch (constant.kind) {
    case 'text':
      return quoted(constant.value)
    case 'number':
      return constant.text
    case 'boolean':
      return String(constant.value)
    case 'bytes':
      return `h'${constant.bytes}'`
    case 'time':
      return `t'${constant.text}'`
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll(/['\\]/g, '\\$&')}'`
}

function secondsOf(micros: number): string {
  const whole = Math.floor(micros / 1e6)
  const rest = String(micros % 1e6).padStart(6, '0')
  return /^0+$/.test(rest) ? String(whole) : `${whole}.${rest}`
}

function timeOf(micros: number): string {
  const date = new Date(Math.floor(micros / 1_000)).toISOString()
  return `${date.slice(0, -5)}.${String(((micros % 1e6) + 1e6) % 1e6).padStart(6, '0')}Z`
}
