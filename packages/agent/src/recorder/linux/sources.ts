import { isDeepStrictEqual } from 'node:util'
import type { Worker } from 'node:worker_threads'
import type { BlindInterval, ObjectKind } from '@tocsin/model'
import { endWorker } from '../end-worker.ts'
import type { SourceState } from '../endpoint-recorder.ts'
import { startWorker } from '../start-worker.ts'
import { releaseAudit, startAudit } from './audit-source.ts'
import { KernelSource } from './bpf/kernel-source.ts'
import type { KernelNotice } from './bpf/notices.ts'
import { releasePins } from './bpf/pins.ts'
import { auditEvents, fileProperties } from './delivered.ts'
import { type FileSource, openFileSource } from './file-source.ts'
import { Losses } from './losses.ts'
import { openProcessSource } from './process-source.ts'
import { ReadUntil } from './queues.ts'
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
  readonly hooks: 'audit' | undefined
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
  const { stateDir } = options
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
  const kernel = await openPrograms(options, listener).catch((error: unknown) => {
    note('kernel', error)
    return undefined
  })
  if (kernel !== undefined) attempt('audit', () => releaseAudit(stateDir))
  faults.delete('audit')
  const readUntil = new ReadUntil()
  readUntil.begin(Date.now() * 1_000)
  const files = kernel?.hasFiles === true ? undefined : attempt('files', openFileSource)
  const processes = kernel === undefined ? attempt('processes', openProcessSource) : undefined
  const audit = kernel === undefined ? attempt('audit', () => startAudit(stateDir)) : undefined
  const { onBlind } = listener
  const losses = new Losses({ audit, readUntil, onBlind, now: () => Date.now() * 1_000 })
  const isToRead = [audit, processes, files].some((source) => source !== undefined)
  const reader = !isToRead
    ? undefined
    : startReader({
        audit: audit?.fd ?? null,
        processes: processes?.fd ?? null,
        files: files === undefined ? null : { fd: files.fd, mounts: files.mounts },
        readUntil: readUntil.memory,
      })
  reader?.on('message', (batch: Batch) => {
    losses.note(batch.overflows)
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
      ...(isRunning('audit') ? auditEvents : {}),
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

async function openPrograms({ stateDir, ringBytes, hooks }: SourceOptions, listener: SourceListener) {
  if (hooks === 'audit') throw new Error('not wanted')
  return KernelSource.open(stateDir, listener, ringBytes)
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
