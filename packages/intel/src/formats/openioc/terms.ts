import type { ObjectKind, Same } from '@tocsin/model'
import { type TermGroup, type Way, wayOf } from './terms/entry.ts'
import { eventGroups } from './terms/events.ts'
import { fileGroups } from './terms/files.ts'
import { hostGroups } from './terms/host.ts'
import { kernelGroups } from './terms/kernel.ts'
import { networkGroups } from './terms/network.ts'
import { processGroups } from './terms/processes.ts'
import { isReason } from './terms/reasons.ts'
import { registryGroups } from './terms/registry.ts'
import { startGroups } from './terms/starts.ts'
import { unrecordedGroups } from './terms/unrecorded.ts'
import { yaraGroup } from './terms/yara.ts'

/** What a term of the OpenIOC term lists is about, and how it is evaluated. */
export interface TermRow {
  readonly name: string
  readonly object: ObjectKind
  readonly from: Same['from']
  /** Where it is about other instances than the rest of its object's terms. */
  readonly apart?: string
  readonly way: Way
}

/** Every term that we know of, by groups of one prefix. */
export const termGroups: readonly TermGroup[] = [
  ...fileGroups,
  yaraGroup,
  ...processGroups,
  ...eventGroups,
  ...networkGroups,
  ...registryGroups,
  ...kernelGroups,
  ...startGroups,
  ...hostGroups,
  ...unrecordedGroups,
]

/** Reads a term name as written in Context/@search; `eventItem/` in front changes nothing. */
export function termRow(search: string): TermRow {
  const row = table.get(search.toLowerCase())
  if (row !== undefined) return row
  const name = search.replace(/^eventItem\//i, '')
  const bare = table.get(name.toLowerCase())
  if (bare !== undefined) return bare
  const [first = ''] = name.split('/', 1)
  const group = termGroups.find(({ prefix }) => prefix.toLowerCase() === first.toLowerCase())
  const { object, from } = group ?? { object: 'host', from: 'either' }
  return { name, object, from, way: { kind: 'none', reason: 'unlisted' } }
}

/** The rows of one group, in the order of the table. */
export function rowsOf(group: TermGroup): readonly TermRow[] {
  const { prefix, object, from, apart, terms = {}, missing = {} } = group
  const about = { object, from, ...(apart === undefined ? {} : { apart }) }
  const row = (name: string, way: Way): TermRow => ({ name: `${prefix}/${name}`, ...about, way })
  return [
    ...Object.entries(terms).map(([name, entry]) => row(name, wayOf(entry))),
    ...Object.entries(missing).flatMap(([reason, names]) =>
      isReason(reason) ? namesIn(names).map((name) => row(name, { kind: 'none', reason })) : [],
    ),
  ]
}

function namesIn(text: string): readonly string[] {
  return text.split(/\s+/).filter((name) => name !== '')
}

/** What can be evaluated stands before what a family lists as missing. */
const table: ReadonlyMap<string, TermRow> = new Map(
  termGroups
    .flatMap(rowsOf)
    .toSorted((one, other) => Number(one.way.kind !== 'none') - Number(other.way.kind !== 'none'))
    .map((row) => [row.name.toLowerCase(), row]),
)

/** Terms that read a property as an instance of this object and source has it, as the term lists write them. */
export function termsReading(property: string, object: ObjectKind, from: Same['from']): readonly string[] {
  return byProperty().get(`${object} ${from} ${property}`) ?? []
}

let namesByProperty: ReadonlyMap<string, readonly string[]> | undefined

function byProperty(): ReadonlyMap<string, readonly string[]> {
  if (namesByProperty !== undefined) return namesByProperty
  const found = new Map<string, string[]>()
  for (const { name, object, from, apart, way } of table.values()) {
    if (way.kind !== 'property' || apart !== undefined) continue
    const key = `${object} ${from} ${way.property}`
    found.set(key, [...(found.get(key) ?? []), name])
  }
  namesByProperty = found
  return found
}
