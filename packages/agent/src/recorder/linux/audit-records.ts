/** What the reader makes of one audit event. */
export type AuditEvent =
  | {
      readonly kind: 'exec'
      /** µs. */
      readonly at: number
      readonly serial: number
      readonly pid: number
      readonly ppid: number
      readonly euid: number
      readonly egid: number
      readonly exe: string
      readonly argv: readonly string[]
      /** More arguments than were recorded. */
      readonly isCut: boolean
      readonly cwd: string | null
      readonly inode: number | null
    }
  | {
      readonly kind: 'socket'
      readonly at: number
      readonly serial: number
      readonly pid: number
      readonly operation: 'connect' | 'accept'
      readonly address: string
      readonly port: number
    }

const type = { syscall: 1300, path: 1302, socket: 1306, cwd: 1307, execve: 1309, end: 1320 } as const
const execCalls: ReadonlySet<string> = new Set(['59', '322', '11', '358'])
const acceptCalls: ReadonlySet<string> = new Set(['43', '288', '364'])
const mostOpen = 10_000
const mostArguments = 4_096
const mostText = 1 << 20

interface Open {
  readonly at: number
  readonly serial: number
  readonly records: { readonly type: number; readonly text: string }[]
  length: number
}

/** Joins the records of one event, which come one by one with the same serial, until its end. */
export class AuditAssembler {
  private readonly open = new Map<number, Open>()

  /** One record as the kernel sends it; gives the event that it completes. */
  push(recordType: number, text: string): AuditEvent | undefined {
    const head = /^audit\((\d+)\.(\d{3}):(\d+)\): ?/.exec(text)
    if (head === null) return undefined
    const serial = Number(head[3])
    if (recordType === type.end) {
      const event = this.open.get(serial)
      this.open.delete(serial)
      return event && eventOf(event)
    }
    const event =
      this.open.get(serial) ?? this.begin(serial, Number(head[1]) * 1_000_000 + Number(head[2]) * 1_000)
    event.length += text.length
    if (event.length <= mostText) event.records.push({ type: recordType, text: text.slice(head[0].length) })
    return undefined
  }

  /** An event whose end was lost must not stay for ever. */
  private begin(serial: number, at: number): Open {
    if (this.open.size >= mostOpen) {
      const [oldest] = this.open.keys()
      if (oldest !== undefined) this.open.delete(oldest)
    }
    const event: Open = { at, serial, records: [], length: 0 }
    this.open.set(serial, event)
    return event
  }
}

function eventOf(event: Open): AuditEvent | undefined {
  const syscall = event.records.find((record) => record.type === type.syscall)
  if (syscall === undefined) return undefined
  const call = fieldOf(syscall.text, 'syscall') ?? ''
  if (execCalls.has(call)) return execOf(event, syscall.text)
  return socketOf(event, syscall.text, acceptCalls.has(call) ? 'accept' : 'connect')
}

function execOf(event: Open, syscall: string): AuditEvent | undefined {
  const pid = numberOf(syscall, 'pid')
  if (pid === null) return undefined
  const words = argumentsOf(event)
  const cwd = event.records.find((record) => record.type === type.cwd)
  const path = event.records.find((record) => record.type === type.path)
  return {
    kind: 'exec',
    at: event.at,
    serial: event.serial,
    pid,
    ppid: numberOf(syscall, 'ppid') ?? 0,
    euid: numberOf(syscall, 'euid') ?? 0,
    egid: numberOf(syscall, 'egid') ?? 0,
    exe: textOf(syscall, 'exe') ?? '',
    argv: words.argv,
    isCut: words.isCut,
    cwd: cwd === undefined ? null : (textOf(cwd.text, 'cwd') ?? null),
    inode: path === undefined ? null : numberOf(path.text, 'inode'),
  }
}

/** `a0="ls" a1=2D6C`, and `a2[0]=… a2[1]=…` over several records where it is long. */
function argumentsOf(event: Open): { readonly argv: readonly string[]; readonly isCut: boolean } {
  const pieces = new Map<number, Buffer[]>()
  let count = 0
  for (const record of event.records) {
    if (record.type !== type.execve) continue
    count = Math.max(count, numberOf(record.text, 'argc') ?? 0)
    for (const [, index, value = ''] of record.text.matchAll(/(?:^| )a(\d+)(?:\[\d+\])?=("[^"]*"|\S*)/g)) {
      const number = Number(index)
      if (number < mostArguments) pieces.set(number, [...(pieces.get(number) ?? []), bytesOf(value)])
    }
  }
  const argv = Array.from({ length: Math.min(count, mostArguments) }, (_, number) =>
    Buffer.concat(pieces.get(number) ?? []).toString('utf8'),
  )
  return { argv, isCut: count > mostArguments || event.length > mostText }
}

function socketOf(event: Open, syscall: string, operation: 'connect' | 'accept'): AuditEvent | undefined {
  const pid = numberOf(syscall, 'pid')
  const record = event.records.find((each) => each.type === type.socket)
  const address = record && addressOf(fieldOf(record.text, 'saddr') ?? '')
  if (pid === null || address === undefined) return undefined
  return { kind: 'socket', at: event.at, serial: event.serial, pid, operation, ...address }
}

/** struct sockaddr_in or sockaddr_in6 in hexadecimal; nothing for other families. */
function addressOf(hex: string): { readonly address: string; readonly port: number } | undefined {
  const bytes = Buffer.from(hex, 'hex')
  if (bytes.length < 8) return undefined
  const family = bytes.readUInt16LE(0)
  const port = bytes.readUInt16BE(2)
  if (family === 2) return { address: bytes.subarray(4, 8).join('.'), port }
  if (family !== 10 || bytes.length < 24) return undefined
  return { address: ipv6Text(bytes.subarray(8, 24)), port }
}

/** RFC 5952, an IPv4 address inside as IPv4. */
export function ipv6Text(bytes: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, at) => (bytes[at * 2] ?? 0) * 256 + (bytes[at * 2 + 1] ?? 0))
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff)
    return bytes.subarray(12).join('.')
  let best = { start: -1, length: 1 }
  for (let start = 0; start < 8; start += 1) {
    let length = 0
    while (start + length < 8 && groups[start + length] === 0) length += 1
    if (length > best.length) best = { start, length }
  }
  const text = groups.map((group) => group.toString(16))
  if (best.start < 0) return text.join(':')
  return `${text.slice(0, best.start).join(':')}::${text.slice(best.start + best.length).join(':')}`
}

function fieldOf(text: string, name: string): string | undefined {
  return new RegExp(`(?:^| )${name}=("[^"]*"|\\S*)`).exec(text)?.[1]
}

function numberOf(text: string, name: string): number | null {
  const value = fieldOf(text, name)
  return value !== undefined && /^-?\d+$/.test(value) ? Number(value) : null
}

function textOf(text: string, name: string): string | undefined {
  const value = fieldOf(text, name)
  return value === undefined || value === '(null)' ? undefined : decoded(value)
}

function decoded(value: string): string {
  return bytesOf(value).toString('utf8')
}

/** Quoted as it is; hexadecimal where it holds blanks, quotes or bytes that are no ASCII. */
function bytesOf(value: string): Buffer {
  if (value.startsWith('"')) return Buffer.from(value.slice(1, -1), 'latin1')
  return /^(?:[0-9A-F]{2})+$/.test(value) ? Buffer.from(value, 'hex') : Buffer.from(value, 'latin1')
}
