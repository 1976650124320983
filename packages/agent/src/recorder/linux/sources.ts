import { isDeepStrictEqual } from 'node:util'
import type { Worker } from 'node:worker_threads'
import type { BlindInterval, ObjectKind } from '@tocsin/model'
import { endWorker } from '../end-worker.ts'
import type { SourceState } from '../endpoint-recorder.ts'
import { startWorker } from '../start-worker.ts'
import { type AuditSource, releaseAudit, startAudit } from './audit-source.ts'
import { KernelSource } from './bpf/kernel-source.ts'
import type { KernelNotice } from './bpf/notices.ts'
import { releasePins } from './bpf/pins.ts'
import { fileProperties, processProperties, remoteProperties } from './delivered.ts'
import { type FileSource, openFileSource } from './file-source.ts'
import { openProcessSource } from './process-source.ts'
import type { Batch, ReaderInput } from './reader-messages.ts'

type SourceName = 'kernel' | 'audit' | 'processes' | 'files'

export interface SourceListener {
  readonly onBatch: (batch: Batch) => void
  readonly onKernel: (notices: readonly KernelNotice[]) => void
  readonly onBlind: (interval: BlindInterval) => void
  readonly onChanged: () => void
}

export interface SourceOptions {
  readonly stateDir: string
  readonly ringBytes: number | undefined
}

export interface Sources {
  states(): readonly SourceState[]
  capabilityEvents(): Readonly<Record<string, readonly string[]>>
  /** Objects of which the kernel kept everything since then, µs. */
  keptSince(): ReadonlyMap<ObjectKind, number>
  /** Reads what the kernel's programs have recorded so far. */
  poll(): void
  stop(): Promise<void>
}

const advice = {
  kernel:
    'the programs in the kernel need CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN: run the agent as root outside a container',
  audit:
    'process and network events need CAP_AUDIT_CONTROL and CAP_AUDIT_READ: run the agent as root outside a container',
  processes:
    'process exits need CAP_NET_ADMIN in the first network namespace: run the agent as root outside a container',
  files: 'file events need CAP_SYS_ADMIN: run the agent as root outside a container',
} as const

/** Sources in the order they are tried: where the first runs, audit and the process connector are not needed. */
export async function openSources(options: SourceOptions, listener: SourceListener): Promise<Sources> {
  const { stateDir, ringBytes } = options
  const faults = new Map<SourceName, string>()
  const note = (name: SourceName, error: unknown) => {
    faults.set(name, `${advice[name]} (${error instanceof Error ? error.message : String(error)})`)
  }
  const attempt = <Source>(name: SourceName, open: () => Source): Source | undefined => {
    try {
      return open()
    } catch (error) {
      note(name, error)
      return undefined
    }
  }
  const kernel = await KernelSource.open(stateDir, listener, ringBytes).catch((error: unknown) => {
    note('kernel', error)
    return undefined
  })
  if (kernel !== undefined) attempt('audit', () => releaseAudit(stateDir))
  faults.delete('audit')
  const files = kernel?.hasFiles === true ? undefined : attempt('files', openFileSource)
  const processes = kernel === undefined ? attempt('processes', openProcessSource) : undefined
  const audit = kernel === undefined ? attempt('audit', () => startAudit(stateDir)) : undefined
  const isToRead = [audit, processes, files].some((source) => source !== undefined)
  const reader = !isToRead
    ? undefined
    : startReader({
        audit: audit?.fd ?? null,
        processes: processes?.fd ?? null,
        files: files === undefined ? null : { fd: files.fd, mounts: files.mounts },
      })
  const losses = new Losses(listener.onBlind, audit)
  reader?.on('message', (batch: Batch) => {
    losses.note(batch)
    listener.onBatch(batch)
  })
  reader?.on('error', (error) => {
    for (const name of ['audit', 'processes', 'files'] as const)
      faults.set(name, `the reader ended: ${error.message}`)
    listener.onChanged()
  })
  const timers = [
    setInterval(() => losses.check(), 1_000),
    ...(files === undefined || reader === undefined ? [] : [followMounts(files, reader)]),
  ]
  const tried = triedSources(kernel)
  const isRunning = (name: SourceName) => tried.includes(name) && !faults.has(name)
  return {
    states: () => tried.map((name) => ({ name, running: isRunning(name), why: faults.get(name) ?? null })),
    capabilityEvents: () => ({
      ...kernel?.capabilityEvents(),
      ...(isRunning('audit') ? { process: processProperties, network: remoteProperties } : {}),
      ...(isRunning('files') ? { file: fileProperties } : {}),
    }),
    keptSince: () => kernel?.keptSince ?? new Map(),
    poll: () => kernel?.poll(),
    stop: async () => {
      for (const timer of timers) clearInterval(timer)
      kernel?.stop()
      if (kernel !== undefined) releasePins(stateDir)
      audit?.stop()
      if (reader !== undefined) await endWorker(reader)
      processes?.stop()
      files?.stop()
    },
  }
}

function triedSources(kernel: KernelSource | undefined): readonly SourceName[] {
  if (kernel === undefined) return ['kernel', 'audit', 'processes', 'files']
  return kernel.hasFiles ? ['kernel'] : ['kernel', 'files']
}

function startReader(input: ReaderInput): Worker {
  const reader = startWorker('reader', input)
  reader.unref()
  return reader
}

// Limit: what happens on a file system in the first five seconds after it was mounted can be missed.
/** Tells the reader whenever something was mounted or unmounted. */
function followMounts(files: FileSource, reader: Worker): NodeJS.Timeout {
  let told = files.mounts
  return setInterval(() => {
    const mounts = files.refresh()
    if (isDeepStrictEqual(mounts, told)) return
    told = mounts
    reader.postMessage(mounts)
  }, 5_000)
}

/** Tells what was dropped: once a second at most, from the last time all was well. */
class Losses {
  private readonly onBlind: (interval: BlindInterval) => void
  private readonly audit: AuditSource | undefined
  private lastLost: number
  private lastWell = Date.now() * 1_000

  constructor(onBlind: (interval: BlindInterval) => void, audit: AuditSource | undefined) {
    this.onBlind = onBlind
    this.audit = audit
    this.lastLost = audit?.lost() ?? 0
  }

  note({ overflowed, at }: Batch): void {
    for (const source of new Set(overflowed)) {
      const objects = source === 'files' ? (['file'] as const) : (['process', 'network'] as const)
      for (const object of objects) {
        this.onBlind({ from: this.lastWell, to: at, object, count: null, reason: 'overflow' })
      }
    }
    if (overflowed.length === 0) this.lastWell = at
  }

  /** The kernel counts audit records that it could not queue at all. */
  check(): void {
    const lost = this.audit?.lost() ?? 0
    const now = Date.now() * 1_000
    if (lost > this.lastLost) {
      this.onBlind({ from: this.lastWell, to: now, object: 'process', count: null, reason: 'overflow' })
      this.onBlind({ from: this.lastWell, to: now, object: 'network', count: null, reason: 'overflow' })
    } else this.lastWell = now
    this.lastLost = lost
  }
}
