import type { Field, Fields } from '@tocsin/model'
import { folded } from './text-hash.ts'

/** A question about the past compares as Signals do, without case. */
export interface Comparison {
  readonly property: string
  readonly comparison: 'is' | 'contains' | 'starts' | 'ends'
  readonly value: string
}

/** One name for either end. */
const either: Readonly<Record<string, readonly string[]>> = {
  'network.address': ['network.remote_address', 'network.local_address'],
  'network.port': ['network.remote_port', 'network.local_port'],
}

export function holds(comparison: Comparison, fields: Fields): boolean {
  const { property } = comparison
  const test = testOf(comparison)
  const names = either[property] ?? [property]
  return names.some((name) => textsOf(fields[name]).some((text) => test(folded(text))))
}

/** What the comparison asks of a folded text. */
export function testOf({ comparison, value }: Comparison): (text: string) => boolean {
  const wanted = folded(value)
  switch (comparison) {
    case 'is':
      return (text) => text === wanted
    case 'contains':
      return (text) => text.includes(wanted)
    case 'starts':
      return (text) => text.startsWith(wanted)
    case 'ends':
      return (text) => text.endsWith(wanted)
  }
}

/** Every value as text; of a value that was cut what is known of it. */
function textsOf(field: Field | undefined): readonly string[] {
  return (field?.values ?? []).map((value) => {
    if (typeof value !== 'object' || value === null) return String(value)
    if ('bytes' in value) return value.bytes
    return 'cut' in value ? value.cut : String(value.time)
  })
}
