import { absentField, type Field, type Fields, known, type RecordedEvent, vocabulary } from '@tocsin/model'
import { answersField, hashFields, isNothing, microsOf, pathFields, typedField } from '../facts.ts'
import { type Ends, networkFields } from '../network.ts'
import { registryFields, registryOperation } from '../registry.ts'
import type { Told } from '../told.ts'
import type { SysmonRecord } from './record.ts'
import { type FieldRow, parentRows, type SysmonRow, sysmonTable } from './table.ts'

const rows = new Map(sysmonTable.map((row) => [row.id, row]))
const changes: ReadonlyMap<number, 'start' | 'exit'> = new Map([
  [1, 'start'],
  [5, 'exit'],
])

/** An event of Sysmon as a process and what it did; otherwise what it is that is not read. */
export function readSysmon(record: SysmonRecord): Told | { readonly other: string } {
  const row = rows.get(record.id)
  if (row === undefined) return { other: `Sysmon ${record.id}` }
  if ('why' in row) return { other: `Sysmon ${row.id} (${row.name}): ${row.why}` }
  const { values, host, platform } = record
  const at = microsOf(values.get('UtcTime') ?? '') ?? microsOf(record.loggedAt ?? '')
  const fields = { ...fieldsOf(row.fields, values), ...ownFields(row, values) }
  const change = changes.get(row.id)
  return {
    object: row.object,
    operation: operationOf(row, values),
    at,
    host,
    platform,
    fields,
    actor: row.actor.length === 0 ? undefined : processOf(record, row, at),
    ...(change === undefined ? {} : { change }),
  }
}

type ReadRow = Extract<SysmonRow, { readonly object: RecordedEvent['object'] }>

function operationOf({ object, operation }: ReadRow, values: SysmonRecord['values']): string {
  if (object === 'network') return sideOf(values) ?? 'connect'
  return object === 'registry' ? registryOperation(values.get('EventType')) : operation
}

/** What is read of several values together. */
function ownFields(row: ReadRow, values: SysmonRecord['values']): Fields {
  switch (row.object) {
    case 'network':
      return networkFields(sideOf(values), endsOf('Source', values), endsOf('Destination', values))
    case 'registry':
      return registryFields(values.get('TargetObject') ?? '', values.get('EventType'))
    case 'process':
    case 'file':
      return { [`${row.object}.operation`]: known(row.operation) }
    default:
      return {}
  }
}

function sideOf(values: SysmonRecord['values']): 'connect' | 'accept' | undefined {
  const initiated = values.get('Initiated')?.toLowerCase()
  if (initiated === 'true') return 'connect'
  return initiated === 'false' ? 'accept' : undefined
}

function endsOf(side: 'Source' | 'Destination', values: SysmonRecord['values']): Ends {
  return {
    address: typedField('address', values.get(`${side}Ip`) ?? ''),
    port: typedField('port', values.get(`${side}Port`) ?? ''),
  }
}

function processOf({ values }: SysmonRecord, row: ReadRow, at: number | undefined): Told['actor'] {
  const isCreation = changes.get(row.id) === 'start'
  const startTime: Fields =
    isCreation && at !== undefined ? { 'process.start_time': known({ time: at }) } : {}
  const parentKey = keyOf(values.get('ParentProcessGuid'))
  const parentFields = isCreation ? fieldsOf(parentRows, values) : {}
  const hasParent = isCreation && (parentKey !== undefined || Object.keys(parentFields).length > 0)
  const key = keyOf(values.get('ProcessGuid'))
  return {
    ...(key === undefined ? {} : { key }),
    fields: { ...fieldsOf(row.actor, values), ...startTime },
    ...(hasParent
      ? { parent: { ...(parentKey === undefined ? {} : { key: parentKey }), fields: parentFields } }
      : {}),
  }
}

/** A GUID of zeros stands for a process that Sysmon did not know. */
function keyOf(guid: string | undefined): string | undefined {
  const plain = guid?.replace(/[{}]/g, '').toLowerCase() ?? ''
  return /^[0-9a-f-]{16,40}$/.test(plain) && /[1-9a-f]/.test(plain) ? plain : undefined
}

/** What is written is a value, what is empty is absent, and what is missing unknown. */
function fieldsOf(fieldRows: readonly FieldRow[], values: SysmonRecord['values']): Fields {
  const fields: Record<string, Field> = {}
  for (const row of fieldRows) {
    const text = values.get(row.from)
    if (text === undefined) continue
    if (!isNothing(text) && text !== '<unknown process>') Object.assign(fields, readingOf(row, text))
    else if (row.isCertain !== true) fields[row.to] = absentField
  }
  return fields
}

function readingOf({ to, as }: FieldRow, text: string): Fields {
  switch (as) {
    case 'path':
      return pathFields(to, text)
    case 'hashes':
      return hashFields(to, text)
    case 'answers':
      return { [to]: answersField(text) }
    case 'property':
      return { [to]: typedField(vocabulary.get(to)?.type ?? 'text', text) }
  }
}
