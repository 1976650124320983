import type { EventObject } from '@tocsin/model'

/** How a value of Sysmon becomes fields of ours. */
export type Reading = 'property' | 'path' | 'hashes' | 'answers'

export interface FieldRow {
  /** Sysmon's name. */
  readonly from: string
  /** A property of the vocabulary; for `hashes` and `path` the object that they are of. */
  readonly to: string
  readonly as: Reading
  /** Everything of its kind has it: nothing written means that Sysmon could not tell. */
  readonly isCertain?: true
}

/** One event id of Sysmon: what it is here, or why it is nothing that conditions can read. */
export type SysmonRow = {
  readonly id: number
  readonly name: string
} & (
  | {
      readonly object: EventObject
      /** `registry` and `network` events say themselves what happened. */
      readonly operation: string
      /** Of the event. */
      readonly fields: readonly FieldRow[]
      /** Of the process that acts. */
      readonly actor: readonly FieldRow[]
    }
  | { readonly why: string }
)

const property = (from: string, to: string): FieldRow => ({ from, to, as: 'property' })
const certain = (from: string, to: string): FieldRow => ({ from, to, as: 'property', isCertain: true })
const path = (from: string, to: string): FieldRow => ({ from, to, as: 'path', isCertain: true })
const hashes = (from: string, to: string): FieldRow => ({ from, to, as: 'hashes', isCertain: true })

/** The process that acts, as nearly every event names it. */
export const actorRows: readonly FieldRow[] = [
  path('Image', 'process'),
  certain('ProcessId', 'process.pid'),
  certain('User', 'process.user_name'),
]

/** What the version resource of a file says. */
const version = (object: 'process' | 'image'): readonly FieldRow[] => [
  certain('OriginalFileName', `${object}.original_file_name`),
  certain('Description', `${object}.description`),
  certain('Product', `${object}.product`),
  certain('Company', `${object}.company`),
]

/** What a process creation tells of the process besides. */
const created: readonly FieldRow[] = [
  ...actorRows,
  certain('CommandLine', 'process.command_line'),
  certain('CurrentDirectory', 'process.cwd'),
  certain('IntegrityLevel', 'process.integrity_level'),
  certain('ParentProcessId', 'process.parent_pid'),
  hashes('Hashes', 'process'),
  ...version('process'),
]

/** What a process creation tells of the parent. */
export const parentRows: readonly FieldRow[] = [
  path('ParentImage', 'process'),
  certain('ParentProcessId', 'process.pid'),
  certain('ParentCommandLine', 'process.command_line'),
  certain('ParentUser', 'process.user_name'),
]

const file = path('TargetFilename', 'file')
const library: readonly FieldRow[] = [
  path('ImageLoaded', 'image'),
  hashes('Hashes', 'image'),
  ...version('image'),
]

function fileRow(id: number, name: string, operation: string, ...more: readonly FieldRow[]): SysmonRow {
  return { id, name, object: 'file', operation, fields: [file, ...more], actor: actorRows }
}

/** The target and the word for what happened are read together. */
function registryRow(id: number, name: string, ...fields: readonly FieldRow[]): SysmonRow {
  return { id, name, object: 'registry', operation: 'EventType', fields, actor: actorRows }
}

const noProperty = 'the vocabulary has no properties for it'
const ofSysmon = 'it is about Sysmon itself'

/** Every event id of Sysmon, in their order. */
export const sysmonTable: readonly SysmonRow[] = [
  { id: 1, name: 'process creation', object: 'process', operation: 'start', fields: [], actor: created },
  fileRow(2, 'file creation time changed', 'change'),
  {
    id: 3,
    name: 'network connection',
    object: 'network',
    operation: 'Initiated',
    fields: [property('Protocol', 'network.protocol')],
    actor: actorRows,
  },
  { id: 4, name: 'state of the service', why: ofSysmon },
  { id: 5, name: 'process termination', object: 'process', operation: 'exit', fields: [], actor: actorRows },
  {
    id: 6,
    name: 'driver load',
    object: 'driver',
    operation: 'load',
    fields: [path('ImageLoaded', 'driver'), hashes('Hashes', 'driver')],
    actor: [],
  },
  {
    id: 7,
    name: 'image load',
    object: 'image',
    operation: 'load',
    fields: [...library, property('Signed', 'image.signed'), property('Signature', 'image.signer')],
    actor: actorRows,
  },
  { id: 8, name: 'remote thread', why: noProperty },
  { id: 9, name: 'raw read of a disk', why: noProperty },
  { id: 10, name: 'access to a process', why: noProperty },
  fileRow(11, 'file creation', 'create'),
  registryRow(12, 'registry key or value created or deleted'),
  registryRow(13, 'registry value set', property('Details', 'registry.value_data')),
  registryRow(14, 'registry key or value renamed'),
  fileRow(15, 'named stream of a file created', 'write', hashes('Hash', 'file')),
  { id: 16, name: 'change of configuration', why: ofSysmon },
  { id: 17, name: 'pipe created', why: noProperty },
  { id: 18, name: 'pipe connected', why: noProperty },
  { id: 19, name: 'WMI filter', why: noProperty },
  { id: 20, name: 'WMI consumer', why: noProperty },
  { id: 21, name: 'WMI binding', why: noProperty },
  {
    id: 22,
    name: 'DNS query',
    object: 'dns',
    operation: 'query',
    fields: [property('QueryName', 'dns.query'), { from: 'QueryResults', to: 'dns.response', as: 'answers' }],
    actor: actorRows,
  },
  fileRow(23, 'file deleted and kept', 'delete', hashes('Hashes', 'file')),
  { id: 24, name: 'clipboard', why: noProperty },
  { id: 25, name: 'process tampering', why: noProperty },
  fileRow(26, 'file deleted', 'delete', hashes('Hashes', 'file')),
  { id: 27, name: 'executable file blocked', why: 'the file was not written' },
  { id: 28, name: 'shredding blocked', why: 'the file was not changed' },
  fileRow(29, 'executable file created', 'create', hashes('Hashes', 'file')),
  { id: 255, name: 'error', why: ofSysmon },
]
