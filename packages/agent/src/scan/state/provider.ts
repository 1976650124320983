import { createHash } from 'node:crypto'
import { type Observed, stateInstance } from '@tocsin/engine'
import { type Fields, type ObjectKind, storableText } from '@tocsin/model'
import { bounded } from './fields.ts'
import type { Look } from './look.ts'

/** Tells all objects of one kind that this machine has. */
export interface StateProvider {
  readonly object: ObjectKind
  /** Its properties, and where each is read from; shown on the reference page. */
  readonly sources: Readonly<Record<string, string>>
  /** Nothing in it fails because of what lies there; what cannot be read is reported to the look. */
  read(look: Look): AsyncIterable<Observed>
}

const longestName = 1_000

/** A scanned object, the same by its key on each pass. */
export function observed(object: ObjectKind, name: string, fields: Fields): Observed {
  const told = Object.entries(fields).map(([property, field]) => [property, bounded(field)] as const)
  return stateInstance(object, `${object}:${shortName(name)}`, Date.now() * 1_000, Object.fromEntries(told))
}

/** Long names stay different from each other. */
function shortName(name: string): string {
  const text = storableText(name)
  if (text.length <= longestName) return text
  const digest = createHash('sha256').update(text).digest('hex')
  return `${text.slice(0, longestName).toWellFormed()}#${digest.slice(0, 16)}`
}
