import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { native } from '../../native.ts'
import {
  type AuditRule,
  type AuditStatus,
  addRule,
  auditStatus,
  deleteRule,
  openAuditSocket,
  requestAuditStatus,
  setAuditStatus,
} from './audit-socket.ts'
import { bootId } from './proc.ts'

const arch64 = 0xc000003e
const arch32 = 0x40000003
const PTRACE_ATTACH = 16
const PTRACE_SEIZE = 0x4206
const BPF_PROG_LOAD = 5
/** Of x86-64 and of i386, which 64-bit kernels run too. */
const numbers = [
  {
    ...{ arch: arch64, exec: [59, 322], connection: [42, 43, 288], ptrace: [101], bpf: [321] },
    /** bind and listen, setuid and the like, mount, init_module and finit_module. */
    other: [49, 50, 105, 113, 117, 165, 175, 313],
  },
  {
    ...{ arch: arch32, exec: [11, 358], connection: [362, 364], ptrace: [26], bpf: [357] },
    other: [361, 363, 23, 70, 164, 203, 208, 213, 21, 128, 350],
  },
] as const
const rules: readonly AuditRule[] = numbers.flatMap(({ arch, exec, connection, ptrace, bpf, other }) => [
  { arch, syscalls: exec, onlySuccess: true },
  { arch, syscalls: connection, onlySuccess: false },
  { arch, syscalls: other, onlySuccess: true },
  { arch, syscalls: ptrace, onlySuccess: true, argument: PTRACE_ATTACH },
  { arch, syscalls: ptrace, onlySuccess: true, argument: PTRACE_SEIZE },
  { arch, syscalls: bpf, onlySuccess: true, argument: BPF_PROG_LOAD },
])
const leastBacklog = 65_536

/** The kernel's audit records of what the rules name, as one descriptor that a reader drains. */
export interface AuditSource {
  readonly fd: number
  /** Records that the kernel could not deliver so far; and whether it had given this process up, which is put right. */
  look(): { readonly lost: number; readonly wasReleased: boolean }
  /** Takes the rules away and restores the switches as they were found. */
  stop(): void
}

/**
 * Starts auditing. With an audit daemon present its records are heard beside it; without one this process becomes
 * the daemon, or the kernel would print every record to its log. What was found is kept in a file until it is
 * restored, so that a killed agent's successor restores it.
 */
export function startAudit(stateDir: string): AuditSource {
  if (process.arch !== 'x64') throw new Error('audit rules are known for x86-64 only')
  const control = openAuditSocket(0)
  let events = -1
  try {
    const found = rememberedStatus(stateDir, auditStatus(control))
    const now = auditStatus(control)
    events = openAuditSocket(now.daemon === 0 ? 0 : 1)
    setAuditStatus(control, {
      enabled: 1,
      backlogLimit: Math.max(now.backlogLimit, leastBacklog),
      backlogWaitTime: 0, // a full queue loses records, which are counted, instead of stopping everybody's system calls
    })
    // Limit: an audit daemon that starts after the agent finds its place taken; start the agent after it.
    if (now.daemon === 0) setAuditStatus(events, { daemon: process.pid })
    // Limit: audit rules that somebody else deletes are not noticed, and process and network events end with them.
    for (const rule of rules) addRule(control, rule)
    const fd = events
    return {
      fd,
      look: () => {
        const { lost, daemon } = auditStatus(control)
        // A kernel whose records are not taken for a while looks for no daemon any more.
        const wasReleased = now.daemon === 0 && daemon === 0
        if (wasReleased) requestAuditStatus(fd, { daemon: process.pid })
        return { lost, wasReleased }
      },
      stop: () => {
        for (const rule of rules) deleteRule(control, rule)
        restore(control, found)
        native().close(fd)
        native().close(control)
        rmSync(statusFile(stateDir), { force: true })
      },
    }
  } catch (error) {
    if (events >= 0) native().close(events)
    native().close(control)
    throw error
  }
}

/** What `stop` does, for an agent that was killed and has no successor. */
export function releaseAudit(stateDir: string): void {
  const control = openAuditSocket(0)
  try {
    const found = rememberedStatus(stateDir, auditStatus(control))
    for (const rule of rules) deleteRule(control, rule)
    restore(control, found)
    rmSync(statusFile(stateDir), { force: true })
  } finally {
    native().close(control)
  }
}

/** By the control socket: on the other one the reader would take the kernel's answer. */
function restore(control: number, found: AuditStatus): void {
  if (auditStatus(control).daemon === process.pid) setAuditStatus(control, { daemon: 0 })
  setAuditStatus(control, {
    enabled: found.enabled,
    backlogLimit: found.backlogLimit,
    backlogWaitTime: found.backlogWaitTime,
  })
}

const statusFile = (stateDir: string) => join(stateDir, 'audit-before.json')

/** What was found before the first of us changed it in this boot: switches do not outlive one. */
function rememberedStatus(stateDir: string, now: AuditStatus): AuditStatus {
  const boot = bootId()
  const kept = keptStatus(stateDir)
  if (kept?.boot === boot) return kept.found
  writeFileSync(`${statusFile(stateDir)}.new`, JSON.stringify({ boot, found: now }), { mode: 0o600 })
  renameSync(`${statusFile(stateDir)}.new`, statusFile(stateDir))
  return now
}

function keptStatus(stateDir: string): { readonly boot: string; readonly found: AuditStatus } | undefined {
  try {
    return JSON.parse(readFileSync(statusFile(stateDir), 'utf8'))
  } catch {
    return undefined
  }
}
