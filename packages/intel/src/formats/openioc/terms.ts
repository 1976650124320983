import { type ObjectKind, type PropertyType, type Same, vocabulary } from '@tocsin/model'
import type { Meaning } from '../lowering/paths.ts'

/** What a term of the OpenIOC term lists reads. */
export interface TermRow {
  readonly object: ObjectKind
  /** A row of the vocabulary, or `foreign:openioc/<term>`. */
  readonly property: string
  readonly from: Same['from']
  readonly type: PropertyType
  readonly meaning: Meaning
  /** Words of OpenIOC for words of the recorder. */
  readonly words?: Readonly<Record<string, string>>
}

type Entry = string | readonly [property: string, meaning: Meaning, words?: Readonly<Record<string, string>>]

/** Reads a term name as written in Context/@search; `eventItem/` in front changes nothing. */
export function termRow(search: string): TermRow {
  const name = search.replace(/^eventItem\//, '')
  const row = table.get(name.toLowerCase())
  if (row !== undefined) return row
  const group = name.split('/', 1)[0] ?? ''
  const [object, from] = groups.get(group.toLowerCase()) ?? (['host', 'either'] as const)
  return { object, property: `foreign:openioc/${name}`, from, type: 'text', meaning: 'plain' }
}

export function isForeign(row: TermRow): boolean {
  return row.property.startsWith('foreign:')
}

/** Names of all terms that can be evaluated. */
export function knownTerms(): readonly string[] {
  return [...table.keys()]
}

/** Terms that read a property, as the term lists write them. */
export function termsReading(property: string, object: ObjectKind, from: Same['from']): readonly string[] {
  return namesByProperty().get(`${object} ${from} ${property}`) ?? []
}

let namesOf: ReadonlyMap<string, readonly string[]> | undefined

function namesByProperty(): ReadonlyMap<string, readonly string[]> {
  if (namesOf !== undefined) return namesOf
  const found = new Map<string, string[]>()
  for (const [group, entries] of Object.entries(terms)) {
    for (const name of Object.keys(entries)) {
      const search = `${group}/${name}`
      const { object, from, property } = termRow(search)
      const key = `${object} ${from} ${property}`
      found.set(key, [...(found.get(key) ?? []), search])
    }
  }
  namesOf = found
  return found
}

/** Object and source of the terms of a group; the objects of groups that no table names are for binding only. */
const groups: ReadonlyMap<string, readonly [ObjectKind, Same['from']]> = new Map([
  ['fileitem', ['file', 'either']],
  ['processitem', ['process', 'either']],
  ['portitem', ['connection', 'either']],
  ['registryitem', ['registry', 'either']],
  ['dnsentryitem', ['dns', 'either']],
  ['driveritem', ['driver', 'either']],
  ['moduleitem', ['driver', 'either']],
  ['serviceitem', ['service', 'either']],
  ['taskitem', ['task', 'either']],
  ['useritem', ['user', 'either']],
  ['persistenceitem', ['persistence', 'either']],
  ['network', ['network', 'event']],
  ['processevent', ['process', 'event']],
  ['filewriteevent', ['file', 'event']],
  ['imageloadevent', ['image', 'event']],
  ['regkeyevent', ['registry', 'event']],
  ['dnslookupevent', ['dns', 'event']],
  ['urlmonitorevent', ['network', 'event']],
  ['ipv4networkevent', ['network', 'event']],
])

/** Every event names the process that caused it. */
const actor: Readonly<Record<string, Entry>> = {
  pid: 'process.pid',
  process: 'process.name',
  processPath: 'process.path',
  username: 'process.user_name',
  parentPid: 'process.parent_pid',
  parentProcess: 'process.parent_name',
  parentProcessPath: 'process.parent_path',
}

const terms: Readonly<Record<string, Readonly<Record<string, Entry>>>> = {
  FileItem: {
    FullPath: 'file.path',
    FilePath: ['file.directory', 'folder'],
    FileName: 'file.name',
    FileExtension: ['file.extension', 'extension'],
    Drive: ['file.path', 'drive'],
    SizeInBytes: 'file.size',
    Md5sum: 'file.md5',
    Sha1sum: 'file.sha1',
    Sha256sum: 'file.sha256',
    Created: 'file.created',
    Modified: 'file.modified',
    Accessed: 'file.accessed',
    Changed: 'file.changed',
    Username: 'file.owner',
  },
  ProcessItem: {
    name: 'process.name',
    path: ['process.path', 'file or folder'],
    arguments: 'process.command_line',
    pid: 'process.pid',
    parentpid: 'process.parent_pid',
    Username: 'process.user_name',
    startTime: 'process.start_time',
  },
  PortItem: {
    remoteIP: 'connection.remote_address',
    remotePort: 'connection.remote_port',
    localIP: 'connection.local_address',
    localPort: 'connection.local_port',
    protocol: 'connection.protocol',
    state: 'connection.state',
  },
  RegistryItem: {
    Path: ['registry.key_path', 'registry path'],
    KeyPath: ['registry.key_path', 'registry key'],
    Hive: ['registry.key_path', 'registry hive'],
    ValueName: 'registry.value_name',
    Text: 'registry.value_data',
    Value: 'registry.value_data',
  },
  DnsEntryItem: {
    Host: 'dns.query',
    RecordName: 'dns.query',
    'RecordData/Host': 'dns.response',
    'RecordData/IPv4Address': 'dns.response',
    'RecordData/IPv6Address': 'dns.response',
  },
  DriverItem: {
    DriverName: 'driver.name',
    Md5sum: 'driver.md5',
    Sha1sum: 'driver.sha1',
    Sha256sum: 'driver.sha256',
  },
  ModuleItem: {
    ModuleName: 'driver.name',
    ModulePath: 'driver.path',
    Md5sum: 'driver.md5',
    Sha1sum: 'driver.sha1',
    Sha256sum: 'driver.sha256',
  },
  processEvent: {
    ...actor,
    processCmdLine: 'process.command_line',
    md5: 'process.md5',
    startTime: 'process.start_time',
    eventType: ['process.operation', 'plain', { start: 'start', end: 'exit' }],
  },
  fileWriteEvent: {
    ...actor,
    fullPath: 'file.path',
    filePath: ['file.directory', 'folder'],
    fileName: 'file.name',
    fileExtension: ['file.extension', 'extension'],
    drive: ['file.path', 'drive'],
    size: 'file.size',
    md5: 'file.md5',
  },
  imageLoadEvent: {
    ...actor,
    fullPath: 'image.path',
    filePath: ['image.path', 'folder of file'],
    fileName: 'image.name',
    drive: ['image.path', 'drive'],
  },
  regKeyEvent: {
    ...actor,
    path: ['registry.key_path', 'registry path'],
    keyPath: ['registry.key_path', 'registry key'],
    hive: ['registry.key_path', 'registry hive'],
    valueName: 'registry.value_name',
    text: 'registry.value_data',
  },
  dnsLookupEvent: { ...actor, hostname: 'dns.query' },
  urlMonitorEvent: {
    ...actor,
    remoteIpAddress: 'network.remote_address',
    remotePort: 'network.remote_port',
    localPort: 'network.local_port',
  },
  ipv4NetworkEvent: {
    ...actor,
    remoteIP: 'network.remote_address',
    remotePort: 'network.remote_port',
    localIP: 'network.local_address',
    localPort: 'network.local_port',
    protocol: 'network.protocol',
  },
}

const table: ReadonlyMap<string, TermRow> = new Map(
  Object.entries(terms).flatMap(([group, entries]) =>
    Object.entries(entries).map(([name, entry]) => [`${group}/${name}`.toLowerCase(), rowOf(group, entry)]),
  ),
).set('network/dns', rowOf('DnsEntryItem', 'dns.query'))

function rowOf(group: string, entry: Entry): TermRow {
  const [property, meaning = 'plain', words] = typeof entry === 'string' ? [entry] : entry
  const [object, from] = groups.get(group.toLowerCase()) ?? (['host', 'either'] as const)
  const type = vocabulary.get(property)?.type ?? 'text'
  return { object, property, from, type, meaning, ...(words === undefined ? {} : { words }) }
}
