import {
  absentField,
  type EventObject,
  type Field,
  type Fields,
  type Platform,
  unknownField,
  vocabulary,
} from '@tocsin/model'
import {
  answersField,
  fieldOrAbsent,
  hashFields,
  isNothing,
  microsOf,
  pathFields,
  typedField,
} from '../facts.ts'
import { asText, type JsonRecord, textAt } from '../json-record.ts'
import { type Ends, networkFields } from '../network.ts'
import { registryFields, registryOperation, registryWords } from '../registry.ts'
import type { Told, ToldProcess } from '../told.ts'
import { isEventObject } from './own.ts'

/** Other names that flat records have for properties. */
export const flatAliases: ReadonlyMap<string, string> = new Map([
  ['process.user', 'process.user_name'],
  ['process.group', 'process.user_group'],
  ['process.integrity', 'process.integrity_level'],
  ['process.working_directory', 'process.cwd'],
  ['process.parent_user', 'process.parent_user_name'],
  ['registry.key', 'registry.key_path'],
  ['registry.value', 'registry.value_data'],
  ['registry.data', 'registry.value_data'],
  ['dns.results', 'dns.response'],
  ['dns.answers', 'dns.response'],
  ['image.signature', 'image.signer'],
])

/**
 * What an event of an object is where its record does not say.
 * Limit: a flat record of a file without an operation is taken for a creation, one of a process for a start.
 */
export const usualOperations: Readonly<Partial<Record<EventObject, string>>> = {
  process: 'start',
  file: 'create',
  dns: 'query',
  image: 'load',
  driver: 'load',
}

/** Names that say by themselves that the addresses are those of a source and a destination. */
const sideNames = ['network.initiated', 'network.source_address', 'network.source_port']

/** A record whose names are properties and whose `type` is an object; nothing if it has another form. */
export function flatRecord(record: JsonRecord): Told | undefined {
  const object = record.type
  if (!isEventObject(object)) return undefined
  const texts = textsOf(record)
  const operation = texts.get(`${object}.operation`) ?? textAt(record, 'operation') ?? usualOperations[object]
  const { own, actor, parent } = sorted(texts, object)
  const together = togetherOf(object, texts, operation)
  const told = { ...(hasSides(texts) ? without(own, ['network.address', 'network.port']) : own), ...together }
  const change = object !== 'process' ? undefined : operation === 'exit' ? 'exit' : 'start'
  return {
    object,
    operation: operationOf(object, told, operation),
    at: timeOf(record),
    host: textAt(record, 'host') ?? textAt(record, 'host.name') ?? '',
    platform: platformOf(textAt(record, 'platform') ?? textAt(record, 'os')),
    fields: told,
    actor: processOf(record, actor, parent),
    ...(change === undefined ? {} : { change }),
  }
}

function processOf(record: JsonRecord, fields: Fields, parent: Fields): ToldProcess {
  const key = textAt(record, 'process.key') ?? textAt(record, 'process.guid')
  const parentKey = textAt(record, 'process.parent_key') ?? textAt(record, 'process.parent_guid')
  const hasParent = parentKey !== undefined || Object.keys(parent).length > 0
  return {
    ...(key === undefined ? {} : { key }),
    fields,
    ...(hasParent
      ? { parent: { ...(parentKey === undefined ? {} : { key: parentKey }), fields: parent } }
      : {}),
  }
}

/** Values by property; several of one property are kept as a list. */
function textsOf(record: JsonRecord): ReadonlyMap<string, string> {
  const texts = new Map<string, string>()
  for (const [name, value] of Object.entries(record)) {
    const text = value === null ? '' : asText(value)
    if (text !== undefined && name.includes('.')) texts.set(flatAliases.get(name) ?? name, text)
  }
  return texts
}

/** Fields of the event, of the process that acts, and of who created that one. */
function sorted(texts: ReadonlyMap<string, string>, object: EventObject) {
  const own: Record<string, Field> = {}
  const actor: Record<string, Field> = {}
  const parent: Record<string, Field> = {}
  for (const [name, text] of texts) {
    const property = object === 'image' ? (ofLibrary.get(name) ?? name) : name
    if (property.endsWith('.hashes')) {
      const owner =
        property.startsWith('process.') && object !== 'process' ? ownerOf(object) : property.slice(0, -7)
      Object.assign(owner === 'process' ? actor : own, hashFields(owner, text))
      continue
    }
    const row = vocabulary.get(property)
    if (row === undefined) continue
    if (!property.startsWith('process.') || isOfEvent(property)) Object.assign(own, fieldsOf(property, text))
    else if (property.startsWith('process.parent_') && property !== 'process.parent_pid')
      Object.assign(parent, fieldsOf(`process.${property.slice(15)}`, text))
    else {
      Object.assign(actor, fieldsOf(property, text))
      if (property === 'process.parent_pid') Object.assign(parent, fieldsOf('process.pid', text))
    }
  }
  return { own, actor, parent }
}

/** In records of a loaded library the version that stands with the process is the library's, as its hashes are. */
const ofLibrary: ReadonlyMap<string, string> = new Map(
  ['original_file_name', 'description', 'product', 'company'].map((name) => [
    `process.${name}`,
    `image.${name}`,
  ]),
)

/** Of the object that has hashes beside the process. */
function ownerOf(object: EventObject): string {
  return object === 'image' || object === 'file' || object === 'driver' ? object : 'process'
}

function isOfEvent(property: string): boolean {
  return (
    property.startsWith('process.ancestry_') ||
    property === 'process.operation' ||
    property === 'process.exit_code'
  )
}

function fieldsOf(property: string, text: string): Fields {
  const [owner = '', name] = property.split('.')
  if (isNothing(text)) return { [property]: absentField }
  if (name === 'path') return pathFields(owner, text)
  if (property === 'dns.response') return { [property]: answersField(text) }
  return { [property]: fieldOrAbsent(vocabulary.get(property)?.type ?? 'text', text) }
}

/** What several values say together. */
function togetherOf(
  object: EventObject,
  texts: ReadonlyMap<string, string>,
  operation: string | undefined,
): Fields {
  if (object === 'registry') return registryOf(texts, operation)
  if (object === 'network' && hasSides(texts)) return sidesOf(texts, operation)
  if (object === 'process' || object === 'file')
    return { [`${object}.operation`]: operation === undefined ? unknownField : typedField('text', operation) }
  return {}
}

/** Sysmon's words are put into ours; the key may then end in the name of a value. */
function registryOf(texts: ReadonlyMap<string, string>, operation: string | undefined): Fields {
  const target = texts.get('registry.key_path') ?? ''
  const isSysmons = operation !== undefined && registryWords.has(operation.trim().toLowerCase())
  if (!isSysmons) return {}
  const fields = registryFields(target, operation)
  const isWhole = target !== '' && !texts.has('registry.value_name')
  return isWhole ? fields : { 'registry.operation': fields['registry.operation'] ?? unknownField }
}

function hasSides(texts: ReadonlyMap<string, string>): boolean {
  return sideNames.some((name) => texts.has(name))
}

function without(fields: Fields, properties: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([property]) => !properties.includes(property)))
}

function sidesOf(texts: ReadonlyMap<string, string>, operation: string | undefined): Fields {
  const end = (address: string, port: string): Ends => ({
    address: typedField('address', texts.get(address) ?? ''),
    port: typedField('port', texts.get(port) ?? ''),
  })
  const initiated = texts.get('network.initiated')?.toLowerCase()
  const side = { true: 'connect', false: 'accept' }[initiated ?? ''] ?? operation
  const known = side === 'connect' || side === 'accept' ? side : undefined
  // The address without a word before it is then the destination's.
  return networkFields(
    known,
    end('network.source_address', 'network.source_port'),
    end('network.address', 'network.port'),
  )
}

function operationOf(object: EventObject, fields: Fields, written: string | undefined): string {
  const [word] = fields[`${object}.operation`]?.values ?? []
  if (typeof word === 'string') return word
  return object === 'registry' ? registryOperation(written) : (written ?? 'unknown')
}

function timeOf(record: JsonRecord): number | undefined {
  for (const name of ['at', 'time', 'timestamp', '@timestamp', 'UtcTime']) {
    const value = record[name]
    const at = typeof value === 'number' && name === 'at' ? value : microsOf(asText(value) ?? '')
    if (at !== undefined && Number.isSafeInteger(at)) return at
  }
  return undefined
}

function platformOf(word: string | undefined): Platform | undefined {
  const plain = word?.toLowerCase()
  return plain === 'linux' || plain === 'windows' || plain === 'macos' ? plain : undefined
}
