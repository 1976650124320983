import { ipv6Text } from '@tocsin/telemetry/address.ts'
import { execFacts, fileFacts, head, kinds, mostArgumentBytes, socketFacts } from './layout.ts'
import type {
  Actor,
  ExecNotice,
  FileKernelNotice,
  KernelNotice,
  SecurityNotice,
  SocketNotice,
} from './notices.ts'
import { pathAt, RecordTexts } from './record-texts.ts'

const nanosPerTick = 10_000_000
const AF_INET = 2
const udp = 17

/** Reads one record, which may be cut short only by a fault of ours: then it is nothing. `bootMicros`: the time of the boot, µs since 1970. */
export function decode(record: Buffer, bootMicros: number): KernelNotice | undefined {
  if (record.length < head.bytes) return undefined
  const read = readers.get(record.readUInt16LE(head.kind))
  return read?.(record.subarray(head.bytes), actorOf(record, bootMicros), record)
}

const texts = new RecordTexts()

type Read = (facts: Buffer, actor: Actor, record: Buffer) => KernelNotice | undefined

const readers: ReadonlyMap<number, Read> = new Map<number, Read>([
  [kinds.fork, readFork],
  [kinds.exec, readExec],
  [kinds.exit, (facts, actor) => ({ kind: 'exit', ...actor, code: exitCode(facts.readInt32LE(0)) })],
  [kinds.create, fileReader('create')],
  [kinds.write, fileReader('write')],
  [kinds.delete, fileReader('delete')],
  [kinds.change, fileReader('change')],
  [kinds.rename, twoPathReader('rename')],
  [kinds.link, twoPathReader('create')],
  [kinds.undone, readUndone],
  [kinds.connect, socketReader('connect')],
  [kinds.accept, socketReader('accept')],
  [kinds.listen, socketReader('listen')],
  [kinds.close, readClose],
  [kinds.datagram, socketReader('connect')],
  [kinds.dnsQuery, readDnsRecord],
  [kinds.dnsAnswer, readDnsRecord],
  [kinds.image, (facts, actor) => ({ kind: 'image', ...actor, path: pathAt(facts, fileFacts.bytes) })],
  [kinds.module, (facts, actor) => ({ kind: 'module', ...actor, name: textAt(facts, 0) })],
  [kinds.ptrace, (facts, actor) => security(actor, 'ptrace', { targetPid: facts.readUInt32LE(8) })],
  [kinds.bpfLoad, (_, actor) => security(actor, 'bpf', {})],
  [kinds.setUser, readSetUser],
  [
    kinds.mount,
    (facts, actor) => security(actor, 'mount', { source: textAt(facts, 0), target: textAt(facts, 256) }),
  ],
])

function actorOf(record: Buffer, bootMicros: number): Actor {
  return {
    at: bootMicros + Math.floor(wide(record, head.at) / 1_000),
    pid: record.readUInt32LE(head.pid),
    tid: record.readUInt32LE(head.tid),
    startTicks: ticks(record, head.start),
  }
}

/** 64 bits as a number: exact up to 2^53, which are a hundred days of nanoseconds. */
function wide(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at + 4) * 0x1_0000_0000 + bytes.readUInt32LE(at)
}

function ticks(bytes: Buffer, at: number): number {
  return Math.floor(wide(bytes, at) / nanosPerTick)
}

function readFork(facts: Buffer, { at, pid, tid, startTicks }: Actor): KernelNotice {
  const [childPid, childTicks] = [facts.readUInt32LE(0), ticks(facts, 8)]
  return { kind: 'fork', at, pid, tid, startTicks, childPid, childTicks }
}

function readExec(facts: Buffer, actor: Actor, record: Buffer): ExecNotice {
  const { at, pid, tid, startTicks } = actor
  const from = facts.readUInt16LE(execFacts.arguments)
  const length = facts.readUInt32LE(execFacts.argumentBytes)
  const end = from + Math.min(length, mostArgumentBytes)
  return {
    kind: 'exec',
    at,
    pid,
    tid,
    startTicks,
    ppid: record.readUInt32LE(head.ppid),
    euid: record.readUInt32LE(head.euid),
    egid: record.readUInt32LE(head.egid),
    exe: texts.path(facts, execFacts.bytes),
    cwd: texts.path(facts, facts.readUInt16LE(execFacts.cwd)),
    commandLine: spaced(facts.subarray(from, facts[end - 1] === 0 ? Math.max(from, end - 1) : end)),
    isCut: length > mostArgumentBytes,
    inode: wide(facts, fileFacts.inode),
    identity: texts.latin1(facts, fileFacts.inode, fileFacts.device + 4),
    cgroup: textAt(facts, facts.readUInt16LE(execFacts.cgroup)),
    mountNamespace: record.readUInt32LE(head.mountNamespace),
  }
}

const space = 0x20
const line = Buffer.alloc(mostArgumentBytes)

/** With blanks for the NULs: as bytes that is quicker than as a text. */
function spaced(bytes: Buffer): string {
  for (let at = 0; at < bytes.length; at += 1) line[at] = bytes[at] === 0 ? space : (bytes[at] ?? space)
  return line.toString('utf8', 0, bytes.length)
}

/** Time of the last change of the file that has this identity, ns since 1970. */
export function changedAtOf(identity: string): bigint {
  return Buffer.from(identity, 'latin1').readBigUInt64LE(fileFacts.changed - fileFacts.inode)
}

/** Of a status as wait(2) gives it. */
function exitCode(status: number): number {
  const signal = status & 0x7f
  return signal === 0 ? (status >> 8) & 0xff : 128 + signal
}

function fileReader(operation: FileKernelNotice['operation']): Read {
  return (facts, actor) => ({
    kind: 'file',
    ...actor,
    operation,
    path: pathAt(facts, fileFacts.bytes),
    source: null,
  })
}

function twoPathReader(operation: 'rename' | 'create'): Read {
  return (facts, actor) => {
    const source = pathAt(facts, fileFacts.bytes + 4)
    const path = pathAt(facts, facts.readUInt32LE(fileFacts.bytes))
    return { kind: 'file', ...actor, operation, path, source }
  }
}

const undoable: ReadonlyMap<number, 'rename' | 'delete' | 'create'> = new Map([
  [kinds.rename, 'rename'],
  [kinds.delete, 'delete'],
  [kinds.link, 'create'],
])

function readUndone(facts: Buffer, actor: Actor): KernelNotice | undefined {
  const operation = undoable.get(facts.readUInt32LE(0))
  return operation && { kind: 'undone', ...actor, operation }
}

function socketReader(operation: SocketNotice['operation']): Read {
  return (facts, actor) => ({
    kind: 'socket',
    ...actor,
    operation,
    ...endsOf(facts),
    received: null,
    sent: null,
  })
}

/** The kernel closes it when it likes; the owner is who opened it. */
function readClose(facts: Buffer, actor: Actor): SocketNotice {
  return {
    kind: 'socket',
    at: actor.at,
    tid: 0,
    pid: facts.readUInt32LE(socketFacts.ownerPid),
    startTicks: ticks(facts, socketFacts.ownerStart),
    operation: 'close',
    ...endsOf(facts),
    received: wide(facts, socketFacts.received),
    sent: wide(facts, socketFacts.sent),
  }
}

function endsOf(
  facts: Buffer,
): Pick<SocketNotice, 'protocol' | 'localAddress' | 'localPort' | 'remoteAddress' | 'remotePort'> {
  const family = facts.readUInt16LE(socketFacts.family)
  const isUdp = facts.readUInt16LE(socketFacts.protocol) === udp
  const localPort = facts.readUInt16LE(socketFacts.localPort)
  return {
    protocol: isUdp ? 'udp' : 'tcp',
    localAddress: isUdp ? null : address(facts, family, socketFacts.local),
    localPort: localPort === 0 ? null : localPort,
    remoteAddress: address(facts, family, socketFacts.remote),
    remotePort: facts.readUInt16LE(socketFacts.remotePort),
  }
}

function address(facts: Buffer, family: number, at: number): string {
  return family === AF_INET ? facts.subarray(at, at + 4).join('.') : ipv6Text(facts.subarray(at, at + 16))
}

function readDnsRecord(facts: Buffer, actor: Actor): KernelNotice {
  // The ring's memory is written again: what outlives this call is copied.
  const message = Buffer.from(facts.subarray(socketFacts.bytes))
  return { kind: 'dns', ...actor, message, localPort: facts.readUInt16LE(socketFacts.localPort) }
}

/** The user it is after the call, whichever of setuid, setreuid and setresuid that was. */
function readSetUser(_: Buffer, actor: Actor, record: Buffer): KernelNotice {
  return security(actor, 'setuid', { targetUid: record.readUInt32LE(head.euid) })
}

function security(
  actor: Actor,
  operation: SecurityNotice['operation'],
  about: Partial<Pick<SecurityNotice, 'targetPid' | 'targetUid' | 'target' | 'source'>>,
): SecurityNotice {
  return {
    kind: 'security',
    ...actor,
    operation,
    targetPid: null,
    targetUid: null,
    target: null,
    source: null,
    ...about,
  }
}

function textAt(facts: Buffer, at: number): string {
  const end = facts.indexOf(0, at)
  return facts.toString('utf8', at, end < 0 ? facts.length : end)
}
