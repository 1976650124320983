import { textAtStart } from '../../lowering/string-facts.ts'
import { content, type Entry, type TermGroup, url } from './entry.ts'

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

/** Recorded as it happens; `eventItem/` in front of a term changes nothing. */
export const eventGroups: readonly TermGroup[] = [
  {
    prefix: 'processEvent',
    object: 'process',
    from: 'event',
    terms: {
      ...actor,
      processCmdLine: 'process.command_line',
      md5: 'process.md5',
      startTime: 'process.start_time',
      eventType: ['process.operation', 'plain', { start: 'start', end: 'exit' }],
    },
    missing: { eventDetails: 'timestamp' },
  },
  {
    prefix: 'fileWriteEvent',
    object: 'file',
    from: 'event',
    terms: {
      ...actor,
      fullPath: 'file.path',
      filePath: ['file.directory', 'folder'],
      fileName: 'file.name',
      fileExtension: ['file.extension', 'extension'],
      drive: ['file.path', 'drive'],
      size: 'file.size',
      md5: 'file.md5',
      writes: { kind: 'some', property: 'file.operation', values: ['create', 'write'] },
      textAtLowestOffset: content(textAtStart),
    },
    missing: {
      devices: 'devicePath',
      eventDetails: `timestamp numBytesSeenWritten lowestFileOffsetSeen dataAtLowestOffset closed openTime
        openDuration eventReason`,
    },
  },
  {
    prefix: 'imageLoadEvent',
    object: 'image',
    from: 'event',
    terms: {
      ...actor,
      fullPath: 'image.path',
      filePath: ['image.path', 'folder of file'],
      fileName: 'image.name',
      fileExtension: ['image.path', 'file extension'],
      drive: ['image.path', 'drive'],
    },
    missing: { devices: 'devicePath', eventDetails: 'timestamp' },
  },
  {
    prefix: 'regKeyEvent',
    object: 'registry',
    from: 'event',
    terms: {
      ...actor,
      path: ['registry.key_path', 'registry path'],
      keyPath: ['registry.key_path', 'registry key'],
      hive: ['registry.key_path', 'registry hive'],
      valueName: 'registry.value_name',
      text: 'registry.value_data',
      value: 'registry.value_data',
    },
    missing: { eventDetails: 'timestamp eventType originalPath', registryDetails: 'valueType' },
  },
  {
    prefix: 'dnsLookupEvent',
    object: 'dns',
    from: 'event',
    terms: { ...actor, hostname: 'dns.query' },
    missing: { eventDetails: 'timestamp' },
  },
  {
    prefix: 'ipv4NetworkEvent',
    object: 'network',
    from: 'event',
    terms: {
      ...actor,
      remoteIP: 'network.remote_address',
      remotePort: 'network.remote_port',
      localIP: 'network.local_address',
      localPort: 'network.local_port',
      protocol: 'network.protocol',
    },
    missing: { eventDetails: 'timestamp' },
  },
  {
    prefix: 'urlMonitorEvent',
    object: 'network',
    from: 'event',
    terms: {
      ...actor,
      remoteIpAddress: 'network.remote_address',
      remotePort: 'network.remote_port',
      localPort: 'network.local_port',
      requestUrl: url,
      uriPath: url,
    },
    missing: { eventDetails: 'timestamp', http: 'urlMethod httpMethod userAgent httpHeader' },
  },
  {
    prefix: 'urlMonitorEvent',
    object: 'dns',
    from: 'event',
    apart: 'urlMonitorEvent',
    terms: { hostname: 'dns.query' },
  },
  {
    prefix: 'addressNotificationEvent',
    object: 'host',
    from: 'state',
    terms: { address: 'host.address' },
    missing: { eventDetails: 'timestamp' },
  },
  {
    prefix: 'Network',
    object: 'dns',
    from: 'event',
    terms: { DNS: 'dns.query', URI: url, HTTP_Referrer: url },
    missing: { http: 'UserAgent String' },
  },
  {
    prefix: 'eventItem',
    object: 'host',
    from: 'either',
    missing: { bookkeeping: 'uid sequence_num timestamp eventType details/detail/name details/detail/value' },
  },
]
