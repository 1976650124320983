import { native, nativeError } from '../../native.ts'

const AF_NETLINK = 16
const SOCK_RAW_CLOEXEC_NONBLOCK = 3 | 0x80000 | 0x800
const NETLINK_AUDIT = 9
const SOL_SOCKET = 1
const SO_RCVBUFFORCE = 33
const MSG_DONTWAIT = 0x40
const NLM_F_REQUEST_ACK = 5
const NLMSG_ERROR = 2
const EEXIST = 17
const receiveBuffer = 32 << 20

export const auditMessage = { get: 1000, set: 1001, addRule: 1011, deleteRule: 1012 } as const

/** The kernel's audit switches, those that we touch. */
export interface AuditStatus {
  readonly enabled: number
  readonly daemon: number
  readonly backlogLimit: number
  readonly lost: number
  readonly backlogWaitTime: number
}

/** Opens a netlink socket to the audit subsystem, `groups` 1 to hear what every listener hears. */
export function openAuditSocket(groups: 0 | 1): number {
  const fd = native().socket(AF_NETLINK, SOCK_RAW_CLOEXEC_NONBLOCK, NETLINK_AUDIT)
  if (fd < 0) throw nativeError('socket(NETLINK_AUDIT)')
  const address = Buffer.alloc(12)
  address.writeUInt16LE(AF_NETLINK, 0)
  address.writeUInt32LE(groups, 8)
  if (native().bind(fd, address, 12) !== 0) {
    const error = nativeError('bind(NETLINK_AUDIT)')
    native().close(fd)
    throw error
  }
  const size = Buffer.alloc(4)
  size.writeInt32LE(receiveBuffer)
  native().setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, size, 4)
  return fd
}

export function auditStatus(fd: number): AuditStatus {
  const reply = exchange(fd, auditMessage.get, Buffer.alloc(0)).find(({ type }) => type === auditMessage.get)
  if (reply === undefined) throw new Error('the kernel does not say its audit status')
  const at = (offset: number) => reply.payload.readUInt32LE(offset)
  return {
    enabled: at(4),
    daemon: at(12),
    backlogLimit: at(20),
    lost: at(24),
    backlogWaitTime: reply.payload.length >= 40 ? at(36) : 0,
  }
}

const mask = { enabled: 1, daemon: 4, backlogLimit: 16, backlogWaitTime: 32 } as const

type Switches = Partial<Omit<AuditStatus, 'lost'>>

/** Sets the switches that are given. */
export function setAuditStatus(fd: number, status: Switches): void {
  exchange(fd, auditMessage.set, switchBytes(status))
}

/** Asks for it without waiting: another thread reads this socket, and with it the kernel's answer. */
export function requestAuditStatus(fd: number, status: Switches): void {
  request(fd, auditMessage.set, switchBytes(status))
}

function switchBytes(status: Switches): Buffer {
  const payload = Buffer.alloc(44)
  const offsets = { enabled: 4, daemon: 12, backlogLimit: 20, backlogWaitTime: 36 } as const
  let wanted = 0
  for (const name of ['enabled', 'daemon', 'backlogLimit', 'backlogWaitTime'] as const) {
    const value = status[name]
    if (value === undefined) continue
    wanted |= mask[name]
    payload.writeUInt32LE(value, offsets[name])
  }
  payload.writeUInt32LE(wanted, 0)
  return payload
}

export interface AuditRule {
  readonly arch: number
  readonly syscalls: readonly number[]
  readonly onlySuccess: boolean
  /** What the first argument must be. */
  readonly argument?: number
}

const AUDIT_FILTER_EXIT = 4
const AUDIT_ALWAYS = 2
const field = { arch: 11, success: 104, argument: 200, filterKey: 210 } as const
const EQUAL = 0x40000000
export const ruleKey = 'tocsin'

/** Adds a rule; one that is there already is fine. */
export function addRule(fd: number, rule: AuditRule): void {
  exchange(fd, auditMessage.addRule, ruleBytes(rule), [EEXIST])
}

/** Removes a rule; one that is gone is fine. */
export function deleteRule(fd: number, rule: AuditRule): void {
  exchange(fd, auditMessage.deleteRule, ruleBytes(rule), [2])
}

/** struct audit_rule_data of linux/audit.h. */
function ruleBytes({ arch, syscalls, onlySuccess, argument }: AuditRule): Buffer {
  const fields: (readonly [number, number])[] = [[field.arch, arch]]
  if (onlySuccess) fields.push([field.success, 1])
  if (argument !== undefined) fields.push([field.argument, argument])
  fields.push([field.filterKey, ruleKey.length])
  const bytes = Buffer.alloc(12 + 4 * 64 * 4 + 4 + ruleKey.length)
  bytes.writeUInt32LE(AUDIT_FILTER_EXIT, 0)
  bytes.writeUInt32LE(AUDIT_ALWAYS, 4)
  bytes.writeUInt32LE(fields.length, 8)
  for (const number of syscalls) {
    const word = 12 + (number >>> 5) * 4
    bytes.writeUInt32LE((bytes.readUInt32LE(word) | (1 << (number & 31))) >>> 0, word)
  }
  for (const [at, [name, value]] of fields.entries()) {
    bytes.writeUInt32LE(name, 12 + 256 + at * 4)
    bytes.writeUInt32LE(value, 12 + 512 + at * 4)
    bytes.writeUInt32LE(EQUAL, 12 + 768 + at * 4)
  }
  bytes.writeUInt32LE(ruleKey.length, 12 + 1024)
  bytes.write(ruleKey, 12 + 1024 + 4, 'latin1')
  return bytes
}

interface Reply {
  readonly type: number
  readonly payload: Buffer
}

/** One request with its acknowledgement; `tolerated` are error numbers that are no error. */
function exchange(
  fd: number,
  type: number,
  payload: Buffer,
  tolerated: readonly number[] = [],
): readonly Reply[] {
  request(fd, type, payload)
  const replies: Reply[] = []
  const buffer = Buffer.alloc(16_384)
  let hasAck = false
  for (let tries = 0; tries < 2_000; tries += 1) {
    const length = native().recv(fd, buffer, buffer.length, MSG_DONTWAIT)
    if (length < 16) {
      if (hasAck && (type !== auditMessage.get || replies.length > 0)) return replies
      Atomics.wait(pauseCell, 0, 0, 1)
      continue
    }
    const reply = { type: buffer.readUInt16LE(4), payload: Buffer.from(buffer.subarray(16, length)) }
    if (reply.type !== NLMSG_ERROR) replies.push(reply)
    else {
      const errno = -reply.payload.readInt32LE(0)
      if (errno !== 0 && !tolerated.includes(errno)) throw nativeError(`audit request ${type}`, errno)
      hasAck = true
      if (type !== auditMessage.get || replies.length > 0) return replies
    }
  }
  throw new Error(`audit request ${type} is not answered`)
}

function request(fd: number, type: number, payload: Buffer): void {
  const message = Buffer.alloc(16 + payload.length)
  message.writeUInt32LE(message.length, 0)
  message.writeUInt16LE(type, 4)
  message.writeUInt16LE(NLM_F_REQUEST_ACK, 6)
  payload.copy(message, 16)
  if (native().send(fd, message, message.length, 0) < 0) throw nativeError('send(NETLINK_AUDIT)')
}

/** Only at start and stop is the kernel waited for, a millisecond at a time. */
const pauseCell = new Int32Array(new SharedArrayBuffer(4))
