import { basename, dirname, extname } from 'node:path'
import { absentField, type Fields, known, storableText, unknownField } from '@tocsin/model'
import type { DnsMessage } from './linux/bpf/dns.ts'
import type { Actor, SecurityNotice, SocketNotice } from './linux/bpf/notices.ts'
import type { FileNoticeText } from './linux/reader-messages.ts'

/** What events of each kind say, by what the sources tell. */
export function fileFields({ operation, path, source, raw }: Omit<FileNoticeText, 'at' | 'pid'>): Fields {
  const text = storableText(path)
  return {
    'file.operation': known(operation),
    'file.path': known(text),
    'file.name': known(basename(text)),
    'file.directory': known(dirname(text)),
    'file.extension': known(extname(text).slice(1)),
    ...(source === null ? {} : { 'file.source_path': known(storableText(source)) }),
    ...(raw === null ? {} : { 'file.path.raw': known({ bytes: raw }) }),
  }
}

type Ends = Pick<
  SocketNotice,
  'operation' | 'localAddress' | 'localPort' | 'remoteAddress' | 'remotePort' | 'received' | 'sent'
> & { readonly protocol: SocketNotice['protocol'] | null }

export function socketFields(socket: Ends): Fields {
  const { operation, protocol, localAddress, localPort, remoteAddress, remotePort, received, sent } = socket
  const isListening = operation === 'listen'
  const ofRemote = <Value extends string | number>(value: Value) => (isListening ? absentField : known(value))
  return {
    'network.operation': known(operation),
    'network.protocol': orUnknown(protocol),
    'network.local_address': orUnknown(localAddress),
    'network.local_port': orUnknown(localPort),
    'network.remote_address': ofRemote(remoteAddress),
    'network.remote_port': ofRemote(remotePort),
    ...(received === null ? {} : { 'network.bytes_received': known(received) }),
    ...(sent === null ? {} : { 'network.bytes_sent': known(sent) }),
  }
}

/** Until it is answered, nobody knows what the answer is. */
export function dnsFields({ query, answers, isAnswer, isWhole }: DnsMessage): Fields {
  return {
    'dns.query': known(storableText(query)),
    'dns.response': isAnswer ? { values: answers.map(storableText), whole: isWhole } : unknownField,
  }
}

export function loadedFields(object: 'image' | 'driver', path: string | null, name: string): Fields {
  return {
    [`${object}.path`]: path === null ? unknownField : known(storableText(path)),
    [`${object}.name`]: known(storableText(name)),
  }
}

export function securityFields(
  notice: Omit<SecurityNotice, 'kind' | keyof Actor>,
  userName: (uid: number) => string,
): Fields {
  const { operation, targetPid, targetUid, target, source } = notice
  return {
    'security.operation': known(operation),
    'security.target_pid': targetPid === null ? absentField : known(targetPid),
    'security.target_user': targetUid === null ? absentField : known(userName(targetUid)),
    'security.target_path': target === null ? absentField : known(storableText(target)),
    'security.source': source === null ? absentField : known(storableText(source)),
  }
}

function orUnknown(value: string | number | null) {
  return value === null ? unknownField : known(value)
}
