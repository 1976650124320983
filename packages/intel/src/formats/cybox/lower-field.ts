import {
  type Comparison,
  type Condition,
  type Literal,
  type PropertyType,
  type Term,
  vocabulary,
} from '@tocsin/model'
import { attributeOf, type XmlElement } from '../../xml/tree.ts'
import { allOf, anyOf, never, term } from '../lowering/compose.ts'
import type { Findings } from '../lowering/findings.ts'
import { flawOfValue, readLiteral } from '../lowering/literals.ts'
import { placeCondition } from '../lowering/paths.ts'
import { flawOfPattern } from '../lowering/patterns.ts'
import { networksBetween } from './address-range.ts'
import { solveBits } from './bits.ts'
import type { FieldContext } from './context.ts'
import { lowerContent } from './lower-content.ts'
import { lowerUrl } from './lower-url.ts'
import type { Field, FieldRow, UnseenRow } from './objects/rows.ts'
import { isCaseSensitive, saidComparison, valuesOf } from './said.ts'

const nothing = never('cybox')

/** Lowers one field; what can never match is refused with a warning, what no endpoint sees is foreign. */
export function lowerField(field: Field, context: FieldContext): Condition {
  const { element } = field
  const { findings } = context
  const outcome = lowerRow(field, context)
  if (typeof outcome !== 'string') return findings.written(outcome, element)
  findings.say({ code: 'CBX004', severity: 'warning', message: `field refused: ${outcome}`, at: element })
  return nothing
}

function lowerRow(field: Field, context: FieldContext): Condition | string {
  const { row } = field
  if (row === 'implied') return nothing
  if ('why' in row) return lowerUnseen(field, row, context)
  if ('fact' in row) return lowerContent(field, row, context)
  return 'url' in row ? lowerUrl(field, row, context) : lowerKnown(field, row, context)
}

function lowerUnseen(field: Field, { why }: UnseenRow, context: FieldContext): Condition | string {
  const said = saidComparison(field.element, context.findings)
  if (typeof said === 'string') return said
  const flaw = flawOfValue(field.element.text)
  if (flaw !== undefined) return flaw
  const { comparison, ...rest } = said
  const values = valuesOf(field.element, 'text')
  // An endpoint that cannot look for it compiles it all the same, and would refuse the whole program.
  if (comparison.startsWith('between') && values.length !== 2) return 'two values are needed'
  const pattern =
    comparison === 'matches' ? values.map(flawOfPattern).find((each) => each !== undefined) : undefined
  if (pattern !== undefined) return pattern
  const name = `${context.typeName}/${field.path}`
  context.findings.sayOnce({
    code: 'CBX005',
    severity: 'warning',
    message: `${name} is not evaluable: ${why}`,
    at: field.element,
  })
  return term({ object: context.object, property: `foreign:cybox/${name}`, comparison, values, ...rest })
}

function lowerKnown(field: Field, row: FieldRow, context: FieldContext): Condition | string {
  const { element } = field
  const said = saidComparison(element, context.findings)
  if (typeof said === 'string') return said
  const type = vocabulary.get(row.property)?.type ?? 'text'
  const comparison = said.comparison === 'is' ? (row.equals ?? 'is') : said.comparison
  if (comparison.startsWith('bit')) return lowerBits(field, row, comparison, context)
  const values = readValues(element, type, { comparison, without: row.without }, context.findings)
  if (typeof values === 'string') return values
  const [word = comparison] = new Set(values.map((value) => value.comparison))
  const alike = values.filter((value) => value.comparison === word).map(({ literal }) => literal)
  const words = { comparison: word, apply: said.apply, negate: said.negate }
  const write = (property: string, literals: readonly Literal[], wordHere: Comparison = word) =>
    term({
      object: context.object,
      property,
      ...words,
      comparison: wordHere,
      values: literals,
      exact: isExact(element, type, property, context),
    })
  if (word.startsWith('between') && type === 'address') {
    const [low, high] = alike.map(String)
    const networks = networksBetween(low ?? '', high ?? '', word === 'between') ?? []
    return networks.length === 0 ? 'the range holds no address' : write(row.property, networks, 'in network')
  }
  if (word.startsWith('between')) return write(row.property, outermost(alike))
  return onProperties(row, alike, said.negate, write)
}

type Write = (property: string, values: readonly Literal[], comparison?: Comparison) => Term

function onProperties(
  row: FieldRow,
  values: readonly Literal[],
  isNegated: boolean,
  write: Write,
): Condition | string {
  const combine = isNegated ? allOf : anyOf
  if (row.or !== undefined) {
    const [path, folder] = [write(row.property, values), write(row.or, values.map(withoutEnd))]
    const isWhole = path.comparison === 'is' || path.comparison === 'ends with'
    return isWhole ? combine([path, folder], nothing) : path
  }
  const [only, ...more] = values
  const { meaning = 'plain', words = {} } = row
  if (meaning === 'plain' || more.length > 0 || typeof only !== 'string') {
    const spelled = values.map((value) =>
      typeof value === 'string' ? (words[value.toLowerCase()] ?? value) : value,
    )
    return write(row.property, spelled)
  }
  const { comparison } = write(row.property, values)
  return placeCondition(meaning, {
    comparison,
    value: only,
    make: (word, literals, property = row.property) => write(property, literals, word),
  })
}

function withoutEnd(value: Literal): Literal {
  if (typeof value !== 'string' || value.length < 2) return value
  return /[\\/]$/.test(value.slice(-1)) ? value.slice(0, -1) : value
}

interface Value {
  readonly literal: Literal
  readonly comparison: Comparison
}

function readValues(
  element: XmlElement,
  type: PropertyType,
  { comparison, without }: { readonly comparison: Comparison; readonly without: RegExp | undefined },
  findings: Findings,
): readonly Value[] | string {
  const read: Value[] = []
  const flaws: string[] = []
  for (const written of valuesOf(element, type)) {
    const padded = comparison === 'is' || comparison.startsWith('between') ? written.trim() : written
    const text = without === undefined ? padded : padded.replace(without, '')
    const reading = readLiteral(type, comparison, text)
    const flaw = comparison === 'matches' ? flawOfPattern(text) : undefined
    if (reading.kind === 'useless') flaws.push(reading.why)
    else if (flaw !== undefined) flaws.push(flaw)
    else read.push(reading)
  }
  const [why] = flaws
  const needed = comparison.startsWith('between') ? 2 : 1
  const wantsAll = attributeOf(element, 'apply_condition')?.toUpperCase() === 'ALL'
  if (read.length < needed || (why !== undefined && wantsAll))
    return why ?? 'the value is one, two are needed'
  if (why !== undefined) {
    findings.say({ code: 'CBX007', severity: 'warning', message: `value left out: ${why}`, at: element })
  }
  return read
}

/** CybOX: more than two values mean the widest range. */
function outermost(values: readonly Literal[]): readonly Literal[] {
  const numbers = values.filter((value) => typeof value === 'number')
  if (numbers.length === values.length) return [Math.min(...numbers), Math.max(...numbers)]
  return values.slice(0, 2)
}

function lowerBits(
  { element }: Field,
  row: FieldRow,
  comparison: Comparison,
  context: FieldContext,
): Condition | string {
  const mask = attributeOf(element, 'bit_mask')?.trim() ?? ''
  if (!/^[0-9a-f]{1,13}$/i.test(mask)) return 'the bit_mask is missing or no hexadecimal number'
  const type = vocabulary.get(row.property)?.type ?? 'text'
  const result = readLiteral(type, comparison, element.text)
  if (result.kind === 'useless') return result.why
  if (comparison !== 'bit and' && comparison !== 'bit or' && comparison !== 'bit xor') return nothing
  const pattern = solveBits(comparison, Number.parseInt(mask, 16), Number(result.literal))
  if (pattern === undefined) return 'no number has these bits'
  const ask = (apply: 'all' | 'none', values: readonly number[]) =>
    values.length === 0
      ? []
      : [term({ object: context.object, property: row.property, comparison: 'bit and', values, apply })]
  return allOf([...ask('all', pattern.set), ...ask('none', pattern.clear)], nothing)
}

const caseless = /^(?:dns|registry|mutex)\.|\.(?:protocol|mac_address|start_mode|state)$/

function isExact(element: XmlElement, type: PropertyType, property: string, context: FieldContext): boolean {
  if ((type !== 'text' && type !== 'path') || caseless.test(property)) return false
  if (!isCaseSensitive(element)) return false
  const isName = type === 'path' || property.endsWith('.name') || property === 'file.extension'
  return !(context.isWindows && isName)
}
