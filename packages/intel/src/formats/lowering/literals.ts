import type { Comparison, Literal, PropertyType } from '@tocsin/model'
import { readNetwork } from '../../networks.ts'

/** A value as its property's type reads it; otherwise why it can never match. */
export type Reading =
  | { readonly kind: 'literal'; readonly literal: Literal; readonly comparison: Comparison }
  | { readonly kind: 'useless'; readonly why: string }

const ordering: ReadonlySet<Comparison> = new Set([
  'greater',
  'less',
  'at least',
  'at most',
  'between',
  'between exclusive',
])
const bitwise: ReadonlySet<Comparison> = new Set(['bit and', 'bit or', 'bit xor'])

/** No name, path or command line is longer; a pattern has its own bound. */
const longestValue = 65_536
const longestAddress = 64

/** Reads the text of a document as a value that a property of this type can have. */
export function readLiteral(type: PropertyType, comparison: Comparison, text: string): Reading {
  const flaw = flawOfValue(text)
  if (flaw !== undefined) return useless(flaw)
  if (bitwise.has(comparison) && type !== 'integer') return useless(`"${comparison}" wants numbers`)
  switch (type) {
    case 'integer':
    case 'port':
      return readNumber(comparison, text.trim())
    case 'time':
      return readTime(comparison, text.trim())
    case 'boolean':
      return readBoolean(comparison, text.trim())
    case 'hash':
      return readHash(comparison, text.trim().toLowerCase())
    case 'address':
      return readAddress(comparison, text.trim().toLowerCase())
    default:
      if (ordering.has(comparison)) return useless(`"${comparison}" does not order text`)
      return literal(text, comparison)
  }
}

/** Why no value of any type can be this text. */
export function flawOfValue(text: string): string | undefined {
  if (text.length > longestValue) return `the value is longer than ${longestValue} characters`
  return text.trim() === '' ? 'the value is empty' : undefined
}

/** An ISO 8601 time as microseconds; without a zone it is UTC. */
export function microsOf(text: string): number | undefined {
  const parts =
    /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?\s*(Z|[+-]\d\d:?\d\d)?$/i.exec(
      text,
    )
  if (parts === null) return undefined
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = parts
  const date = new Date(0)
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  if (date.getUTCMonth() !== Number(month) - 1) return undefined
  date.setUTCHours(Number(hour), Number(minute), Number(second))
  const micros = Number(fraction.padEnd(6, '0').slice(0, 6))
  return (date.getTime() - zoneMinutes(zone) * 60_000) * 1_000 + micros
}

function zoneMinutes(zone: string): number {
  if (zone.toUpperCase() === 'Z') return 0
  const digits = zone.replace(':', '')
  const minutes = Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3, 5))
  return digits.startsWith('-') ? -minutes : minutes
}

function readNumber(comparison: Comparison, text: string): Reading {
  if (!ordering.has(comparison) && !bitwise.has(comparison) && comparison !== 'is') {
    return useless(`"${comparison}" does not compare numbers`)
  }
  const number = /^[+-]?\d{1,16}$/.test(text) || /^0x[0-9a-f]{1,13}$/i.test(text) ? Number(text) : Number.NaN
  return Number.isSafeInteger(number) ? literal(number, comparison) : useless(`"${short(text)}" is no number`)
}

function readTime(comparison: Comparison, text: string): Reading {
  if (!ordering.has(comparison) && comparison !== 'is')
    return useless(`"${comparison}" does not compare times`)
  const time = microsOf(text)
  return time === undefined ? useless(`"${short(text)}" is no time`) : literal({ time }, comparison)
}

function readBoolean(comparison: Comparison, text: string): Reading {
  const word = text.toLowerCase()
  if (comparison !== 'is') return useless(`"${comparison}" does not compare yes and no`)
  if (word === 'true' || word === '1' || word === 'yes') return literal(true, comparison)
  if (word === 'false' || word === '0' || word === 'no') return literal(false, comparison)
  return useless(`"${short(text)}" is neither true nor false`)
}

function readHash(comparison: Comparison, text: string): Reading {
  if (ordering.has(comparison)) return useless(`"${comparison}" does not order hashes`)
  const whole = comparison === 'is'
  if (whole && !/^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/.test(text)) {
    return useless(`"${short(text)}" is no MD5, SHA-1 or SHA-256`)
  }
  return literal(text, comparison)
}

/** Whole addresses are compared in their canonical spelling; a range is a network. */
function readAddress(comparison: Comparison, text: string): Reading {
  if (text.length > longestAddress) return useless(`"${short(text)}" is no address`)
  if (comparison.startsWith('between') || comparison === 'is') {
    const network = readNetwork(text)
    if (network === undefined) return useless(`"${short(text)}" is no address`)
    return literal(network.text, comparison === 'is' && network.isRange ? 'in network' : comparison)
  }
  if (ordering.has(comparison)) return useless(`"${comparison}" does not order addresses`)
  return literal(text, comparison)
}

function literal(value: Literal, comparison: Comparison): Reading {
  return { kind: 'literal', literal: value, comparison }
}

function useless(why: string): Reading {
  return { kind: 'useless', why }
}

function short(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 40)}…`
}
