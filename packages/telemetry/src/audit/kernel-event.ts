import { callOf } from './calls.ts'
import { auditTypes, type JoinedRecords, recordOf } from './joined-records.ts'
import { type KernelAct, kernelActOf } from './kernel-act.ts'
import { bytesOf, fieldOf, numberOf, textOf, utf8 } from './record-text.ts'
import { socketAddress } from './socket-address.ts'

/** What the agent asks the kernel for. */
export type AuditEvent =
  | KernelAct
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

const mostArguments = 4_096

/** What joined records tell of; nothing where it is none of these. */
export function kernelEventOf(joined: JoinedRecords): AuditEvent | undefined {
  const syscall = recordOf(joined, auditTypes.syscall)
  if (syscall === undefined) return undefined
  const call = callOf(fieldOf(syscall, 'arch'), fieldOf(syscall, 'syscall'))
  if (call === 'exec') return execOf(joined, syscall)
  if (call === 'connect' || call === 'accept') return socketOf(joined, syscall, call)
  return call && kernelActOf(joined, syscall, call)
}

function execOf(joined: JoinedRecords, syscall: string): AuditEvent | undefined {
  const pid = numberOf(syscall, 'pid')
  if (pid === null) return undefined
  const cwd = recordOf(joined, auditTypes.cwd)
  const path = recordOf(joined, auditTypes.path)
  return {
    kind: 'exec',
    at: joined.at,
    serial: joined.serial,
    pid,
    ppid: numberOf(syscall, 'ppid') ?? 0,
    euid: numberOf(syscall, 'euid') ?? 0,
    egid: numberOf(syscall, 'egid') ?? 0,
    exe: textOf(syscall, 'exe') ?? '',
    ...argumentsOf(joined),
    cwd: cwd === undefined ? null : (textOf(cwd, 'cwd') ?? null),
    inode: path === undefined ? null : numberOf(path, 'inode'),
  }
}

/** `a0="ls" a1=2D6C`, and `a2[0]=… a2[1]=…` over several records where it is long. */
function argumentsOf(joined: JoinedRecords): { readonly argv: readonly string[]; readonly isCut: boolean } {
  const pieces = new Map<number, Uint8Array[]>()
  let count = 0
  for (const { type, text } of joined.records) {
    if (type !== auditTypes.execve) continue
    count = Math.max(count, numberOf(text, 'argc') ?? 0)
    for (const [, index, value = ''] of text.matchAll(/(?:^| )a(\d+)(?:\[\d+\])?=("[^"]*"|\S*)/g)) {
      const number = Number(index)
      if (number >= mostArguments) continue
      const known = pieces.get(number)
      if (known === undefined) pieces.set(number, [bytesOf(value)])
      else known.push(bytesOf(value))
    }
  }
  const argv = Array.from({ length: Math.min(count, mostArguments) }, (_, number) =>
    utf8(concatenated(pieces.get(number) ?? [])),
  )
  return { argv, isCut: count > mostArguments || joined.isCut }
}

function concatenated(pieces: readonly Uint8Array[]): Uint8Array {
  const [first] = pieces
  if (first !== undefined && pieces.length === 1) return first
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}

function socketOf(
  joined: JoinedRecords,
  syscall: string,
  operation: 'connect' | 'accept',
): AuditEvent | undefined {
  const pid = numberOf(syscall, 'pid')
  const record = recordOf(joined, auditTypes.socket)
  const address = record === undefined ? undefined : socketAddress(fieldOf(record, 'saddr') ?? '')
  if (pid === null || address === undefined) return undefined
  return { kind: 'socket', at: joined.at, serial: joined.serial, pid, operation, ...address }
}
