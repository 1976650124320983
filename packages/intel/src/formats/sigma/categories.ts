import type { ObjectKind, Platform } from '@tocsin/model'
import { type FieldTarget, property } from './targets.ts'

type Fields = ReadonlyMap<string, FieldTarget>

/** What a log source is here: the reader of rules and the reference page read this table. */
export interface Category {
  readonly object: ObjectKind
  /** The operations that the log source is about; none: all of them. */
  readonly operations: readonly string[]
  /** Only these have such events; none: all. */
  readonly platforms?: readonly Platform[]
  readonly fields: Fields
  /** The properties that keywords are searched in. */
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

/** What the version resource of a program says. */
function versionOf(object: 'process' | 'image'): Fields {
  return new Map([
    ['OriginalFileName', property(`${object}.original_file_name`)],
    ['Description', property(`${object}.description`)],
    ['Product', property(`${object}.product`)],
    ['Company', property(`${object}.company`)],
  ])
}

const processFields: Fields = new Map([...actor, ...hashesOf('process'), ...versionOf('process')])

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
    platforms: ['windows'],
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
    ...versionOf('image'),
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

/** Connections and questions to DNS in the words of the category `network`. */
const plainConnection: Category = {
  ...network,
  fields: new Map<string, FieldTarget>([
    ['source.ip', { kind: 'sides', connect: 'network.local_address', accept: 'network.remote_address' }],
    ['source.port', { kind: 'sides', connect: 'network.local_port', accept: 'network.remote_port' }],
    ['destination.ip', { kind: 'sides', connect: 'network.remote_address', accept: 'network.local_address' }],
    ['destination.port', { kind: 'sides', connect: 'network.remote_port', accept: 'network.local_port' }],
    ['network.transport', property('network.protocol')],
  ]),
}
const plainDns: Category = {
  ...dns,
  fields: new Map([
    ['dns.question.name', property('dns.query')],
    ['dns.answers.name', property('dns.response')],
    ['dns.answers.data', property('dns.response')],
  ]),
}

/** Of the audit log the records of an exec; everything else in it is not recorded here. */
const auditd: Category = {
  object: 'process',
  operations: ['start'],
  platforms: ['linux'],
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

/** Log sources by their category. */
export const categories: ReadonlyMap<string, Category> = new Map([
  ['process_creation', process('start')],
  ['process_termination', process('exit')],
  ['file_event', file(['create', 'write'])],
  // Its name before the taxonomy had version 1.3.3.
  ['file_create', file(['create', 'write'])],
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

/** Log sources that a service tells, as `category/service` or `product/service`. */
export const services: ReadonlyMap<string, Category> = new Map([
  ['network/connection', plainConnection],
  ['network/dns', plainDns],
  ['linux/auditd', auditd],
])
