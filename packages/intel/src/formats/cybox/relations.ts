import { type Condition, type ObjectKind, vocabulary } from '@tocsin/model'
import { allOf, isNever, never, same, someInstance, term } from '../lowering/compose.ts'
import type { Described, Description } from './describe.ts'
import { objectRow } from './object-fields.ts'

const nothing = never('cybox')

/**
 * What an object and one that it is related to are together, where an event or an object of an endpoint tells both;
 * otherwise why none does.
 */
export function bindRelation(
  relation: string,
  subject: Description,
  target: Description,
): Condition | string {
  const unseen = objectRow(target.type)
  if (unseen?.why !== undefined && Object.keys(unseen.fields).length === 0) return unseen.why
  const { name, isReversed } = directed(relation)
  const reason = unrecorded[name]
  if (reason !== undefined) return reason
  const one = onlyOf(subject)
  const other = onlyOf(target)
  if (one === undefined || other === undefined) return 'one of the two is no single object of an endpoint'
  if (isNever(one.part) || isNever(other.part)) return 'one of the two can never match'
  const [doer, done] = isReversed ? [other, one] : [one, other]
  if (name === 'resolved_to') return resolution(one, other)
  if (name === 'connected_to') return connection(doer, done)
  if (name === 'parent_of') return child(doer, done)
  const words = operations[name]
  if (words !== undefined) return operation(doer, done, words)
  if (partRelations.has(name)) return oneFile(one, other)
  return 'no event tells this relation'
}

/** Relations that say the same from the other end. */
function directed(relation: string): { readonly name: string; readonly isReversed: boolean } {
  const name = relation
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_')
  if (name === 'child_of') return { name: 'parent_of', isReversed: true }
  if (name === 'connected_from') return { name: 'connected_to', isReversed: true }
  if (name.endsWith('_by')) {
    const active = name.slice(0, -3)
    return { name: actives[active] ?? active, isReversed: true }
  }
  return { name, isReversed: false }
}

const actives: Readonly<Record<string, string>> = {
  written_to: 'wrote_to',
  properties_modified: 'modified_properties_of',
}

function onlyOf({ instances, apart }: Description): Described | undefined {
  return instances.length === 1 && apart.length === 0 ? instances[0] : undefined
}

/** A name and an address, whichever of them is told first, are one answer. */
function resolution(one: Described, other: Described): Condition | string {
  const name = [one, other].find(({ object }) => object === 'dns')
  const address = [one, other].find(({ object }) => object === 'connection')
  const answer =
    address &&
    reworded(address.part, (property) => (property === 'connection.address' ? 'dns.response' : undefined))
  if (name === undefined || answer === undefined) return 'only names are resolved, and only to addresses'
  return same('dns', 'event', allOf([name.part, answer], nothing))
}

function connection(doer: Described, done: Described): Condition | string {
  const process = asActor(doer)
  if (process === undefined) return 'only a process, or its file, connects'
  if (done.object === 'dns') return same('dns', 'event', allOf([process, done.part], nothing))
  const peer = reworded(done.part, (property) => peers[property])
  if (done.object !== 'connection' || peer === undefined) return 'connections lead to addresses and names'
  return same('network', 'event', allOf([process, peer], nothing))
}

const peers: Readonly<Record<string, string>> = {
  'connection.address': 'network.remote_address',
  'connection.port': 'network.remote_port',
  'connection.protocol': 'network.protocol',
  'connection.remote_address': 'network.remote_address',
  'connection.remote_port': 'network.remote_port',
  'connection.local_address': 'network.local_address',
  'connection.local_port': 'network.local_port',
}

function child(parent: Described, born: Described): Condition | string {
  const above = asActor(parent)
  const named = above && reworded(above, (property) => property.replace('process.', 'process.parent_'))
  if (born.object !== 'process' || named === undefined)
    return 'only processes have parents, of whom less is known'
  return someInstance('process', 'either', allOf([born.part, named], nothing))
}

type Operations = Partial<Readonly<Record<ObjectKind, readonly string[]>>>

const operations: Readonly<Record<string, Operations>> = {
  created: { file: ['create'], registry: ['create', 'set'], process: [] },
  dropped: { file: ['create', 'write'] },
  wrote_to: { file: ['create', 'write'], registry: ['set'] },
  modified_properties_of: { file: ['change'], registry: ['set'] },
  deleted: { file: ['delete'], registry: ['delete'] },
  moved: { file: ['rename'] },
  renamed: { file: ['rename'] },
  loaded: { image: [], driver: [] },
}

function operation(doer: Described, done: Described, words: Operations): Condition | string {
  const own = words[done.object]
  if (own === undefined) return `this is not recorded of a ${done.object}`
  if (done.object === 'process') return child(doer, done)
  const process = asActor(doer)
  if (process === undefined) return 'only a process, or its file, does something, and less is known of it'
  const { object } = done
  const acting =
    own.length === 0 ? [] : [term({ object, property: `${object}.operation`, comparison: 'is', values: own })]
  return same(object, 'event', allOf([...acting, process, done.part], nothing))
}

const partRelations: ReadonlySet<string> = new Set([
  'contains',
  'contained_within',
  'characterized',
  'characterizes',
  'properties_of',
])

/** What describes a file, or stands in it as bytes, is of one file; a file inside a file is not looked for. */
function oneFile(one: Described, other: Described): Condition | string {
  if (one.object !== 'file' || other.object !== 'file') return 'the two are no single object of an endpoint'
  const isOfBytes = [one, other].some(({ part }) => onlyContent(part))
  if (!isOfBytes) return 'files inside of files are not looked into'
  return someInstance('file', 'either', allOf([one.part, other.part], nothing))
}

function onlyContent(part: Condition): boolean {
  if (part.kind === 'content') return true
  return (part.kind === 'and' || part.kind === 'or') && part.parts.every(onlyContent)
}

/** Who does something is a process, known by its file too. */
function asActor({ object, part }: Described): Condition | undefined {
  if (object === 'process') return reworded(part, (property) => property)
  return object === 'file'
    ? reworded(identifying(part), (property) => property.replace('file.', 'process.'))
    : undefined
}

/** Beside a hash, all else that is said of a file is true anyway. */
function identifying(part: Condition): Condition {
  if (part.kind !== 'and') return part
  const hashes = part.parts.filter(isHash)
  const told = part.parts.filter((each) =>
    reworded(each, (property) => property.replace('file.', 'process.')),
  )
  return hashes.length === 0 ? part : allOf(told, part)
}

function isHash(part: Condition): boolean {
  return (
    part.kind === 'term' &&
    part.comparison === 'is' &&
    !part.negate &&
    part.apply !== 'none' &&
    vocabulary.get(part.property)?.type === 'hash'
  )
}

/** The same statement with other properties; nothing where one of them does not exist, or where it is about bytes. */
function reworded(part: Condition, nameOf: (property: string) => string | undefined): Condition | undefined {
  if (part.kind === 'term') {
    const property = nameOf(part.property)
    const row = property === undefined ? undefined : vocabulary.get(property)
    return row && { ...part, object: row.object, property: row.property }
  }
  if (part.kind === 'not') {
    const inner = reworded(part.part, nameOf)
    return inner && { kind: 'not', part: inner }
  }
  if (part.kind !== 'and' && part.kind !== 'or') return undefined
  const parts = part.parts.map((each) => reworded(each, nameOf)).filter((each) => each !== undefined)
  return parts.length < part.parts.length ? undefined : { kind: part.kind, parts }
}

const passing = 'what passes the network is not recorded'
const origin = 'what a file was made of is not recorded'
const unrecorded: Readonly<Record<string, string>> = {
  downloaded: passing,
  downloaded_from: passing,
  downloaded_to: passing,
  uploaded: passing,
  uploaded_to: passing,
  uploaded_from: passing,
  sent: passing,
  sent_to: passing,
  received: passing,
  received_from: passing,
  extracted_from: origin,
  packed_from: origin,
  packed_into: origin,
  packed: origin,
  copied_from: origin,
  copied_to: origin,
  compressed_from: origin,
  compressed_into: origin,
  read_from: 'reading is not recorded',
  opened: 'opening is not recorded',
  related_to: 'it does not say how',
  unnamed: 'it does not say how',
}
