import type { ObjectKind, Platform } from '@tocsin/model'
import { type FieldTarget, property } from './targets.ts'

/** Where a log source's events are seen here. */
export interface Source {
  readonly object: ObjectKind
  readonly platforms: readonly Platform[]
  /** The operations that the log source is about; none: all of them. */
  readonly operations: readonly string[]
  readonly isRecorded: boolean
  readonly targetOf: (field: string) => FieldTarget | undefined
  /** The properties that keywords are searched in. */
  readonly keywords: readonly string[]
}

/** What a rule says of its log source, in lower case. */
export interface LogSource {
  readonly category?: string
  readonly product?: string
  readonly service?: string
}

/** The object and the fields that a log source stands for; one that nobody records has none. */
export function sourceOf({ category, product, service }: LogSource): Source {
  const platforms = platformsOf(product)
  const known = platforms !== undefined && service === undefined ? categories.get(category ?? '') : undefined
  const chosen = product === 'linux' && service === 'auditd' ? auditd : known
  if (chosen === undefined) return { ...unrecorded, platforms: platforms ?? [] }
  const { object, operations, fields, keywords } = chosen
  const names = new Map([...fields].map(([name, target]) => [name.toLowerCase(), target]))
  return {
    object,
    operations,
    keywords,
    isRecorded: true,
    platforms: platforms ?? [],
    targetOf: (field) => names.get(field.toLowerCase()) ?? chosen.others?.(field),
  }
}

const unrecorded: Source = {
  object: 'host',
  platforms: [],
  operations: [],
  isRecorded: false,
  targetOf: () => undefined,
  keywords: [],
}

/** Nothing for a product that is no platform; none for a rule that names no product. */
function platformsOf(product: string | undefined): readonly Platform[] | undefined {
  if (product === undefined) return []
  return product === 'linux' || product === 'windows' || product === 'macos' ? [product] : undefined
}

type Fields = ReadonlyMap<string, FieldTarget>

interface Category {
  readonly object: ObjectKind
  readonly operations: readonly string[]
  readonly fields: Fields
  readonly keywords: readonly string[]
  readonly others?: (field: string) => FieldTarget | undefined
}

/** What every event tells of the process that caused it, in Sysmon's words. */
const actor: Fields = new Map([
  ['Image', property('process.path')],
  ['CommandLine', property('process.command_line')],
  ['User', property('process.user_name')],
  ['ProcessId', property('process.pid')],
  ['CurrentDirectory', property('process.cwd')],
  ['IntegrityLevel', property('process.integrity_level')],
  ['ParentImage', property('process.parent_path')],
  ['ParentCommandLine', property('process.parent_command_line')],
  ['ParentUser', property('process.parent_user_name')],
  ['ParentProcessId', property('process.parent_pid')],
])

/** Hashes of the object that an event is about. */
function hashesOf(object: 'process' | 'file' | 'image' | 'driver'): Fields {
  return new Map<string, FieldTarget>([
    ['Hashes', { kind: 'hashes', object }],
    ['Hash', { kind: 'hashes', object }],
    ['md5', property(`${object}.md5`)],
    ['sha1', property(`${object}.sha1`)],
    ['sha256', property(`${object}.sha256`)],
  ])
}

const processFields: Fields = new Map([...actor, ...hashesOf('process')])

function process(operation: string): Category {
  return {
    object: 'process',
    operations: [operation],
    fields: processFields,
    keywords: ['process.path', 'process.command_line'],
  }
}

const fileFields: Fields = new Map([
  ...actor,
  ...hashesOf('file'),
  ['TargetFilename', property('file.path')],
  ['FileName', property('file.path')],
  ['SourceFilename', property('file.source_path')],
])

function file(operations: readonly string[]): Category {
  return { object: 'file', operations, fields: fileFields, keywords: ['file.path', 'process.command_line'] }
}

const registryFields: Fields = new Map<string, FieldTarget>([
  ...actor,
  ['TargetObject', { kind: 'registry' }],
  ['Details', property('registry.value_data')],
  [
    'EventType',
    {
      kind: 'words',
      property: 'registry.operation',
      words: new Map([
        ['setvalue', 'set'],
        ['createkey', 'create'],
        ['deletekey', 'delete'],
        ['deletevalue', 'delete'],
        ['renamekey', 'rename'],
        ['renamevalue', 'rename'],
      ]),
    },
  ],
])

function registry(operations: readonly string[]): Category {
  return {
    object: 'registry',
    operations,
    fields: registryFields,
    keywords: ['registry.key_path', 'registry.value_name', 'registry.value_data'],
  }
}

const network: Category = {
  object: 'network',
  operations: ['connect', 'accept'],
  fields: new Map<string, FieldTarget>([
    ...actor,
    // Who connects is the source: the peer is the destination of what goes out, the source of what comes in.
    ['DestinationIp', { kind: 'sides', connect: 'network.remote_address', accept: 'network.local_address' }],
    ['DestinationPort', { kind: 'sides', connect: 'network.remote_port', accept: 'network.local_port' }],
    ['SourceIp', { kind: 'sides', connect: 'network.local_address', accept: 'network.remote_address' }],
    ['SourcePort', { kind: 'sides', connect: 'network.local_port', accept: 'network.remote_port' }],
    ['Protocol', property('network.protocol')],
    [
      'Initiated',
      {
        kind: 'words',
        property: 'network.operation',
        words: new Map([
          ['true', 'connect'],
          ['false', 'accept'],
        ]),
      },
    ],
  ]),
  keywords: ['process.path', 'process.command_line'],
}

const dns: Category = {
  object: 'dns',
  operations: [],
  fields: new Map([
    ...actor,
    ['QueryName', property('dns.query')],
    ['query', property('dns.query')],
    ['QueryResults', property('dns.response')],
    ['answer', property('dns.response')],
    ['answers', property('dns.response')],
  ]),
  keywords: ['dns.query', 'dns.response'],
}

const image: Category = {
  object: 'image',
  operations: [],
  fields: new Map([
    ...actor,
    ...hashesOf('image'),
    ['ImageLoaded', property('image.path')],
    ['Signed', property('image.signed')],
    ['Signature', property('image.signer')],
  ]),
  keywords: ['image.path', 'process.path'],
}

const driver: Category = {
  object: 'driver',
  operations: [],
  fields: new Map([...hashesOf('driver'), ['ImageLoaded', property('driver.path')]]),
  keywords: ['driver.path'],
}

/** The record type EXECVE has the name of the call. */
const exec = new Map([
  ['execve', 'start'],
  ['execveat', 'start'],
])

/** Of the audit log the records of an exec; everything else in it is not recorded here. */
const auditd: Category = {
  object: 'process',
  operations: [],
  fields: new Map<string, FieldTarget>([
    ['type', { kind: 'words', property: 'process.operation', words: exec }],
    ['syscall', { kind: 'words', property: 'process.operation', words: exec }],
    ['exe', property('process.path')],
    ['comm', property('process.name')],
    ['proctitle', property('process.command_line')],
    ['cwd', property('process.cwd')],
    ['pid', property('process.pid')],
    ['ppid', property('process.parent_pid')],
  ]),
  keywords: ['process.command_line'],
  others: (field) => {
    const number = /^a(\d{1,2})$/i.exec(field)?.[1]
    return number === undefined ? undefined : { kind: 'argument', number: Number(number) }
  },
}

const categories: ReadonlyMap<string, Category> = new Map([
  ['process_creation', process('start')],
  ['process_termination', process('exit')],
  ['file_event', file(['create', 'write'])],
  ['file_change', file(['change'])],
  ['file_delete', file(['delete'])],
  ['file_delete_detected', file(['delete'])],
  ['file_rename', file(['rename'])],
  ['network_connection', network],
  ['dns_query', dns],
  ['dns', dns],
  ['registry_event', registry([])],
  ['registry_add', registry(['create'])],
  ['registry_set', registry(['set'])],
  ['registry_delete', registry(['delete'])],
  ['registry_rename', registry(['rename'])],
  ['image_load', image],
  ['driver_load', driver],
])
