import { absentField, type Cut, type Field, known, type Literal, storableText } from '@tocsin/model'

const longestText = 4_096
/** A finding tells no more values of one property. */
const mostValues = 1_000

/** A text that is there or not. */
export function textField(text: string | undefined): Field {
  return text === undefined || text === '' ? absentField : known(text)
}

/** Several texts, each once. */
export function textsField(texts: readonly string[], isWhole = true): Field {
  return { values: [...new Set(texts)], whole: isWhole }
}

export function timeField(seconds: number): Field {
  return known({ time: seconds * 1_000_000 })
}

/** What can be stored and told: beyond the limits it is known that there is more, but not what. */
export function bounded(field: Field): Field {
  const values = field.values.slice(0, mostValues).map(boundedValue)
  const isWhole = field.values.length <= mostValues && values.every((value) => !isCut(value))
  return { values, whole: field.whole && isWhole }
}

function boundedValue(value: Literal | Cut): Literal | Cut {
  if (typeof value !== 'string') return value
  const text = storableText(value)
  return text.length <= longestText ? text : { cut: text.slice(0, longestText).toWellFormed() }
}

function isCut(value: Literal | Cut): boolean {
  return value !== null && typeof value === 'object' && 'cut' in value
}
