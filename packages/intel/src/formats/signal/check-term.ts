import { nearestWord } from '@tocsin/model'
import { readNetwork } from '../../networks.ts'
import { flawOfPattern } from '../lowering/patterns.ts'
import type { Range, SignalCondition, SignalTerm } from './ast.ts'
import type { SignalCode } from './codes.ts'
import { type SignalProperty, signalObjects, signalProperties, signalProperty } from './properties.ts'

/** A term as it was written, not yet held against the table. */
export interface WrittenTerm {
  readonly kind: 'written'
  readonly name: string
  readonly nameAt: Range
  readonly condition: SignalCondition
  readonly conditionAt: Range
  readonly negate: boolean
  readonly value: string
  readonly valueAt: Range
}

/** A flaw and the range it is about. */
export interface Flaw {
  readonly code: SignalCode
  readonly at: Range
  readonly message: string
  readonly hint?: string
}

/** Holds a term against the table of properties. */
export function checkTerm(written: WrittenTerm): SignalTerm | Flaw {
  const row = signalProperty(written.name)
  if (row === undefined) return unknownProperty(written)
  const flaw = misfit(row, written) ?? valueFlaw(row, written)
  if (flaw !== undefined) return flaw
  const { condition, negate, nameAt, valueAt } = written
  const at = { from: nameAt.from, to: valueAt.to }
  return {
    kind: 'term',
    object: row.object,
    property: row.property,
    condition,
    negate,
    value: written.value,
    at,
  }
}

function unknownProperty({ name, nameAt }: WrittenTerm): Flaw {
  const dot = name.indexOf('.')
  const object = name.slice(0, Math.max(0, dot)).toLowerCase()
  const flaw = { code: 'SIG004', at: nameAt, message: `there is no property “${name}”` } as const
  const near = nearestWord(
    name,
    signalProperties.map((row) => `${row.object}.${row.property}`),
  )
  if (near !== undefined) return { ...flaw, hint: `did you mean ${near}?` }
  const known = signalProperties.filter((row) => row.object === object).map((row) => row.property)
  if (known.length > 0) return { ...flaw, hint: `${object} has ${known.join(', ')}` }
  return { ...flaw, hint: `write object.property, with an object out of ${signalObjects.join(', ')}` }
}

function misfit(row: SignalProperty, { condition, conditionAt }: WrittenTerm): Flaw | undefined {
  if (row.conditions.includes(condition)) return undefined
  const message = `“${condition}” does not fit ${row.object}.${row.property}`
  return { code: 'SIG006', at: conditionAt, message, hint: `use ${row.conditions.join(', ')}` }
}

function valueFlaw(row: SignalProperty, written: WrittenTerm): Flaw | undefined {
  const { value, valueAt, condition } = written
  if (value === '') {
    const hint = 'an empty value would match everything; leave the term out'
    return { code: 'SIG007', at: valueAt, message: 'the value is empty', hint }
  }
  if (condition === 'matches') {
    const reason = flawOfPattern(value)
    return reason === undefined ? undefined : { code: 'SIG013', at: valueAt, message: reason }
  }
  const wanted = condition === 'is' ? wantedValue(row, value) : undefined
  if (wanted === undefined) return undefined
  const message = `${row.object}.${row.property} can never be “${value.slice(0, 80)}”`
  return { code: 'SIG008', at: valueAt, message, hint: wanted }
}

/** What the value should have been; nothing if it fits. */
function wantedValue(row: SignalProperty, value: string): string | undefined {
  switch (row.type) {
    case 'text':
      return undefined
    case 'hash':
      return /^(?:[\da-f]{32}|[\da-f]{40}|[\da-f]{64})$/i.test(value)
        ? undefined
        : 'write an MD5, SHA-1 or SHA-256: 32, 40 or 64 hexadecimal digits'
    case 'address':
      return readNetwork(value) === undefined
        ? 'write an address such as 10.1.2.3, or a network such as 10.0.0.0/8'
        : undefined
    case 'integer':
      return /^\d{1,10}$/.test(value) ? undefined : 'write a whole number'
    case 'port':
      return /^\d{1,5}$/.test(value) && Number(value) <= 65_535 ? undefined : 'write a number up to 65535'
    case 'boolean':
      return /^(?:true|false)$/i.test(value) ? undefined : 'write true or false'
    case 'word':
      return wantedWord(row, value)
  }
}

function wantedWord(row: SignalProperty, value: string): string | undefined {
  if (row.words.includes(value.toLowerCase())) return undefined
  const near = nearestWord(value, row.words)
  return near === undefined ? `write one of ${row.words.join(', ')}` : `did you mean ${near}?`
}
