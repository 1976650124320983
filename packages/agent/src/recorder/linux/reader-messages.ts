import type { AuditEvent } from '@tocsin/telemetry/audit/kernel-event.ts'
import type { Mounts } from './file-source.ts'
import type { ProcessNotice } from './process-source.ts'
import type { Overflow } from './queues.ts'

/** Descriptors that the reader drains; the main thread opened them and closes them. */
export interface ReaderInput {
  readonly audit: number | null
  readonly processes: number | null
  readonly files: { readonly fd: number; readonly mounts: Mounts } | null
  /** Of a `ReadUntil`. */
  readonly readUntil: SharedArrayBuffer
}

export type FileOperation = 'create' | 'write' | 'rename' | 'delete' | 'change'

export interface FileNoticeText {
  /** µs: when it was read. */
  readonly at: number
  readonly pid: number
  readonly operation: FileOperation
  readonly path: string
  readonly source: string | null
  /** Hexadecimal bytes of a path that is not UTF-8. */
  readonly raw: string | null
}

/** One round of the reader, in the order in which it may be taken: what explains others comes first. */
export interface Batch {
  readonly notices: readonly ProcessNotice[]
  readonly audit: readonly AuditEvent[]
  readonly files: readonly FileNoticeText[]
  /** What queues have dropped, as far as they told since the round before. */
  readonly overflows: readonly Overflow[]
  readonly at: number
}
