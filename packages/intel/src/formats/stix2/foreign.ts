import type { ObjectPath, PropertyTest, Step } from './pattern/ast.ts'
import { printPath } from './pattern/print-pattern.ts'

/** How the value of a path is wanted: as it stands, as bytes, or as a point in time. */
export type Reading = 'plain' | 'bytes' | 'time'

/** The property of a path that the vocabulary has no row for: readable in an observation, never on an endpoint. */
export function foreignProperty(path: ObjectPath, reading: Reading = 'plain'): string {
  return `foreign:stix2/${printPath(path)}${reading === 'plain' ? '' : ` as ${reading}`}`
}

/** Bytes are written in base64 or hexadecimal in properties with these endings. */
export function holdsBytes({ steps }: ObjectPath): boolean {
  const last = steps.findLast((step): step is Extract<Step, { kind: 'key' }> => step.kind === 'key')
  return last !== undefined && /_(?:bin|hex)$/.test(last.key)
}

/** The standard compares by the type of the constant: bytes with bytes, times with times. */
export function readingOf(test: PropertyTest): Reading {
  if (test.kind === 'exists' || /^(?:LIKE|MATCHES|IS)/.test(test.operator)) return 'plain'
  const [first] = test.constants
  if (first?.kind === 'time') return 'time'
  const isText = first === undefined || first.kind === 'text'
  return first?.kind === 'bytes' || (isText && holdsBytes(test.path)) ? 'bytes' : 'plain'
}
