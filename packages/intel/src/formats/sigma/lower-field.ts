import type { Condition } from '@tocsin/model'
import { type Field, lowerExistence, lowerValue, propertyOf } from './lower-value.ts'
import { type Lowering, writtenAt } from './lowering.ts'
import { type Modifiers, readModifiers } from './modifiers.ts'
import { type Range, short } from './remarks.ts'
import { foreign, property } from './targets.ts'
import { everyOf, never, not, someOf, termOf } from './terms.ts'
import type { YamlEntry, YamlNode, YamlScalar } from './yaml-tree.ts'

/** One `field|modifier: values` of a search. */
export function lowerField({ key, keyAt, value }: YamlEntry, lowering: Lowering): Condition {
  const { source, remarks } = lowering
  const [name = '', ...words] = key.split('|')
  const modifiers = modifiersOf(words, keyAt, lowering)
  const values = scalarsOf(value, lowering)
  if (modifiers === undefined || values.length === 0) return never(source.object)
  if (name === '') return lowerKeywords(values, modifiers, lowering)
  const target = source.targetOf(name)
  if (target === undefined && source.unrecorded === undefined) {
    const message = `no endpoint records “${short(name)}” of this log source`
    remarks.say({ code: 'SGM013', severity: 'warning', message, at: keyAt })
  }
  const field = { name, target: target ?? property(foreign(name)), modifiers, object: source.object }
  const lowered = lowerValues(values, field, lowering)
  return writtenAt(modifiers.not ? not(lowered) : lowered, { from: keyAt.from, to: value.at.to }, lowering)
}

/** What goes out and what comes in have the same field in different properties. */
function lowerValues(values: readonly YamlScalar[], field: Field, lowering: Lowering): Condition {
  const { target, object, modifiers } = field
  if (target.kind === 'sides') {
    const sides = (['connect', 'accept'] as const).map((operation) => {
      const side = { ...field, target: property(target[operation]) }
      return everyOf([operationIs(operation, object), lowerValues(values, side, lowering)], object)
    })
    return someOf(sides, object)
  }
  const parts = values.map((each) => writtenAt(conditionOf(each, field, lowering), each.at, lowering))
  return modifiers.all ? everyOf(parts, object) : someOf(parts, object)
}

function operationIs(operation: string, object: Field['object']): Condition {
  const value = { comparison: 'is', literal: operation } as const
  return termOf(object, 'network.operation', value, { exact: false, dashes: false })
}

/** Text anywhere in an event: in its main properties. */
export function lowerKeywords(
  values: readonly YamlScalar[],
  modifiers: Modifiers,
  lowering: Lowering,
): Condition {
  const { source, remarks } = lowering
  const { object } = source
  const places = source.keywords.length > 0 ? source.keywords : [foreign('keywords')]
  if (source.unrecorded === undefined)
    remarks.say({
      code: 'SGM016',
      severity: 'note',
      message: `keywords are searched in ${places.join(', ')}`,
      ...(values[0] === undefined ? {} : { at: values[0].at }),
    })
  const anywhere: Modifiers = modifiers.kind === 'text' ? { ...modifiers, place: 'contains' } : modifiers
  const parts = values.map((value) => {
    const found = places.map((place) =>
      conditionOf(
        value,
        { name: 'keywords', target: property(place), modifiers: anywhere, object },
        lowering,
      ),
    )
    return writtenAt(someOf(found, object), value.at, lowering)
  })
  return modifiers.all ? everyOf(parts, object) : someOf(parts, object)
}

/** The scalars of a value or list; anything else is said. */
export function scalarsOf(node: YamlNode, { remarks }: Lowering): readonly YamlScalar[] {
  const items = node.kind === 'list' ? node.items : [node]
  if (items.length === 0)
    remarks.say({ code: 'SGM004', severity: 'error', message: 'a list has no values', at: node.at })
  return items.flatMap((item) => {
    if (item.kind === 'scalar') return [item]
    remarks.say({
      code: 'SGM004',
      severity: 'error',
      message: 'a field takes a value or a list',
      at: item.at,
    })
    return []
  })
}

const codes = { unknown: 'SGM008', unfit: 'SGM009', refused: 'SGM011' } as const

function modifiersOf(words: readonly string[], at: Range, { remarks }: Lowering): Modifiers | undefined {
  const read = readModifiers(words)
  if (read.kind === 'read') return read.modifiers
  remarks.say({ code: codes[read.kind], severity: 'error', message: read.why, at })
  return undefined
}

function conditionOf(value: YamlScalar, field: Field, lowering: Lowering): Condition {
  const { remarks } = lowering
  const { object, modifiers } = field
  if (modifiers.kind === 'exists') return lowerExists(value, field, lowering)
  if (modifiers.kind === 'property') return lowerReference(value, field, lowering)
  if (value.value === null) return not(lowerExistence(field))
  const lowered = lowerValue(value.text, field)
  if (lowered.kind === 'condition') return lowered.condition
  const severity = lowered.code === 'SGM012' ? 'warning' : 'error'
  const message = `“${short(value.text)}” of ${short(field.name)}: ${lowered.why}`
  remarks.say({ code: lowered.code, severity, message, at: value.at })
  return never(object)
}

function lowerExists(value: YamlScalar, field: Field, { remarks }: Lowering): Condition {
  const word = value.text.toLowerCase()
  if (word === 'true') return lowerExistence(field)
  if (word === 'false') return not(lowerExistence(field))
  remarks.say({ code: 'SGM009', severity: 'error', message: '“exists” takes true or false', at: value.at })
  return never(field.object)
}

const places = {
  whole: 'is',
  contains: 'contains',
  'starts with': 'starts with',
  'ends with': 'ends with',
} as const

/** The value is the name of another field of the event. */
function lowerReference(value: YamlScalar, field: Field, { source, remarks }: Lowering): Condition {
  const target = source.targetOf(value.text)
  if (target === undefined && source.unrecorded === undefined) {
    const message = `no endpoint records “${short(value.text)}” of this log source`
    remarks.say({ code: 'SGM013', severity: 'warning', message, at: value.at })
  }
  const other = propertyOf({ target: target ?? property(foreign(value.text)), name: value.text })
  const comparison = places[field.modifiers.place]
  const term = termOf(field.object, propertyOf(field), { comparison, literal: '' }, field.modifiers)
  return { ...term, operand: { kind: 'property', property: other } }
}
