import type { Call } from './calls.ts'
import { auditTypes, type JoinedRecords, recordOf } from './joined-records.ts'
import { pathFrom } from './path-from.ts'
import { fieldOf, numberOf, textOf } from './record-text.ts'
import { socketAddress } from './socket-address.ts'

interface Act {
  /** µs. */
  readonly at: number
  readonly serial: number
  readonly pid: number
}

/** What processes do besides running images and connecting. */
export type KernelAct =
  | (Act & {
      readonly kind: 'bind'
      readonly descriptor: number
      /** Of IPv4 or IPv6; nothing of another family. */
      readonly local: { readonly address: string; readonly port: number } | undefined
    })
  | (Act & { readonly kind: 'listen'; readonly descriptor: number })
  | (Act & { readonly kind: 'module'; readonly name: string })
  | (Act & {
      readonly kind: 'security'
      readonly operation: 'ptrace' | 'bpf' | 'setuid' | 'mount'
      readonly targetPid: number | null
      /** The user it is after the call. */
      readonly targetUid: number | null
      readonly target: string | null
    })

const PTRACE_ATTACH = 16
const PTRACE_SEIZE = 0x4206
const BPF_PROG_LOAD = 5

/** The act that a call's records tell of; nothing where it failed or is none of these. */
export function kernelActOf(joined: JoinedRecords, syscall: string, call: Call): KernelAct | undefined {
  const pid = numberOf(syscall, 'pid')
  if (pid === null || fieldOf(syscall, 'success') === 'no') return undefined
  const act: Act = { at: joined.at, serial: joined.serial, pid }
  const [first, second] = [argument(syscall, 'a0'), argument(syscall, 'a1')]
  const security = { ...act, kind: 'security', targetPid: null, targetUid: null, target: null } as const
  switch (call) {
    case 'bind': {
      const record = recordOf(joined, auditTypes.socket)
      const local = record === undefined ? undefined : socketAddress(fieldOf(record, 'saddr') ?? '')
      return { ...act, kind: 'bind', descriptor: first, local }
    }
    case 'listen':
      return { ...act, kind: 'listen', descriptor: first }
    case 'module':
      return moduleOf(joined, act)
    case 'ptrace':
      if (first !== PTRACE_ATTACH && first !== PTRACE_SEIZE) return undefined
      return { ...security, operation: 'ptrace', targetPid: second }
    case 'bpf':
      return first === BPF_PROG_LOAD ? { ...security, operation: 'bpf' } : undefined
    case 'setuid':
      return { ...security, operation: 'setuid', targetUid: numberOf(syscall, 'euid') }
    case 'mount':
      return { ...security, operation: 'mount', target: mountPoint(joined) }
    default:
      return undefined
  }
}

/** Arguments are written in hexadecimal; those that are read have 32 bits. */
function argument(syscall: string, name: 'a0' | 'a1'): number {
  const value = Number.parseInt(fieldOf(syscall, name) ?? '', 16)
  return Number.isNaN(value) ? -1 : value % 0x1_0000_0000
}

function moduleOf(joined: JoinedRecords, act: Act): KernelAct | undefined {
  const record = recordOf(joined, auditTypes.module)
  const name = record === undefined ? undefined : textOf(record, 'name')
  return name === undefined ? undefined : { ...act, kind: 'module', name }
}

/** The kernel looks the place up before what is mounted there. */
function mountPoint(joined: JoinedRecords): string | null {
  const record = recordOf(joined, auditTypes.path)
  const cwd = recordOf(joined, auditTypes.cwd)
  const name = record === undefined ? undefined : textOf(record, 'name')
  if (name === undefined) return null
  return pathFrom(name, cwd === undefined ? undefined : textOf(cwd, 'cwd')) ?? name
}
