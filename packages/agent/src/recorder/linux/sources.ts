import { isDeepStrictEqual } from 'node:util'
import type { Worker } from 'node:worker_threads'
import type { BlindInterval } from '@tocsin/model'
import { startWorker } from '../start-worker.ts'
import { type AuditSource, startAudit } from './audit-source.ts'
import { type FileSource, openFileSource } from './file-source.ts'
import { openProcessSource } from './process-source.ts'
import type { Batch, ReaderInput } from './reader-messages.ts'

export interface SourceState {
  readonly name: 'audit' | 'processes' | 'files'
  readonly running: boolean
  /** Why it does not run, and how to get it. */
  readonly why: string | null
}

export interface SourceListener {
  readonly onBatch: (batch: Batch) => void
  readonly onBlind: (interval: BlindInterval) => void
  readonly onChanged: () => void
}

export interface Sources {
  states(): readonly SourceState[]
  capabilityEvents(): Readonly<Record<string, readonly string[]>>
  stop(): Promise<void>
}

const advice = {
  audit:
    'process and network events need CAP_AUDIT_CONTROL and CAP_AUDIT_READ: run the agent as root outside a container',
  processes:
    'process exits need CAP_NET_ADMIN in the first network namespace: run the agent as root outside a container',
  files: 'file events need CAP_SYS_ADMIN: run the agent as root outside a container',
} as const

/** Each source is tried; what does not start is named, the others run. */
export function openSources(stateDir: string, listener: SourceListener): Sources {
  const faults = new Map<SourceState['name'], string>()
  const attempt = <Source>(name: SourceState['name'], open: () => Source): Source | undefined => {
    try {
      return open()
    } catch (error) {
      faults.set(name, `${advice[name]} (${error instanceof Error ? error.message : String(error)})`)
      return undefined
    }
  }
  const files = attempt('files', openFileSource)
  const processes = attempt('processes', openProcessSource)
  const audit = attempt('audit', () => startAudit(stateDir))
  const reader = startReader({
    audit: audit?.fd ?? null,
    processes: processes?.fd ?? null,
    files: files === undefined ? null : { fd: files.fd, mounts: files.mounts },
  })
  const losses = new Losses(listener.onBlind, audit)
  reader.on('message', (batch: Batch) => {
    losses.note(batch)
    listener.onBatch(batch)
  })
  reader.on('error', (error) => {
    for (const name of ['audit', 'processes', 'files'] as const)
      faults.set(name, `the reader ended: ${error.message}`)
    listener.onChanged()
  })
  const timers = [
    setInterval(() => losses.check(), 1_000),
    ...(files === undefined ? [] : [followMounts(files, reader)]),
  ]
  const isRunning = (name: SourceState['name'], source: unknown) => source !== undefined && !faults.has(name)
  return {
    states: () => [
      { name: 'audit', running: isRunning('audit', audit), why: faults.get('audit') ?? null },
      { name: 'processes', running: isRunning('processes', processes), why: faults.get('processes') ?? null },
      { name: 'files', running: isRunning('files', files), why: faults.get('files') ?? null },
    ],
    capabilityEvents: () => ({
      ...(isRunning('audit', audit) ? { process: processProperties, network: networkProperties } : {}),
      ...(isRunning('files', files) ? { file: fileProperties } : {}),
    }),
    stop: async () => {
      for (const timer of timers) clearInterval(timer)
      audit?.stop()
      await reader.terminate()
      processes?.stop()
      files?.stop()
    },
  }
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

const own = ['path', 'name', 'command_line', 'md5', 'sha1', 'sha256', 'user_name', 'user_group']
const processProperties: readonly string[] = [
  ...own.flatMap((name) => [`process.${name}`, `process.parent_${name}`, `process.ancestry_${name}`]),
  ...['pid', 'parent_pid', 'cwd', 'start_time', 'container_id', 'operation', 'exit_code'].map(
    (name) => `process.${name}`,
  ),
]
const fileProperties: readonly string[] = [
  'path',
  'name',
  'directory',
  'extension',
  'operation',
  'source_path',
].map((name) => `file.${name}`)
const networkProperties: readonly string[] = [
  'operation',
  'remote_address',
  'remote_port',
  'address',
  'port',
].map((name) => `network.${name}`)
