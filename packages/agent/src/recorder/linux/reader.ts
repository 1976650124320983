import { parentPort, workerData } from 'node:worker_threads'
import { AuditAssembler } from '@tocsin/telemetry/audit/joined-records.ts'
import { type AuditEvent, kernelEventOf } from '@tocsin/telemetry/audit/kernel-event.ts'
import { native } from '../../native.ts'
import { takeOrders } from '../end-worker.ts'
import { FileNotices, fileMask, type Mounts } from './file-source.ts'
import { type ProcessNotice, readNotice } from './process-source.ts'
import { type Overflow, type Queue, ReadUntil } from './queues.ts'
import type { Batch, FileNoticeText, FileOperation, ReaderInput } from './reader-messages.ts'

/** The thread that drains the kernel's queues, so that a busy main thread loses nothing. */
/** What comes in so long is read together. */
const spanMs = 5
/** A queue that stays empty wakes nobody; messages and an end are heard so often all the same. */
const longestWaitMs = 250
const POLLIN = 1
const MSG_DONTWAIT = 0x40
const ENOBUFS = 105
const mostPerRound = 20_000

const input = workerData as ReaderInput
const buffer = Buffer.alloc(1 << 18)
const assembler = new AuditAssembler()
const fileNotices = new FileNotices()
if (input.files !== null) fileNotices.mounted(input.files.mounts)
const readUntil = new ReadUntil(input.readUntil)
let overflows: Overflow[] = []

takeOrders((mounts: Mounts) => fileNotices.mounted(mounts))
const awaited = pollOf([input.audit, input.processes, input.files?.fd ?? null])
setTimeout(next, spanMs)

function next(): void {
  native().poll(awaited, awaited.length / 8, longestWaitMs)
  round()
  setTimeout(next, spanMs)
}

/** As poll(2) takes them. */
function pollOf(queues: readonly (number | null)[]): Buffer {
  const fds = queues.filter((fd) => fd !== null)
  const entries = Buffer.alloc(fds.length * 8)
  for (const [index, fd] of fds.entries()) {
    entries.writeInt32LE(fd, index * 8)
    entries.writeInt16LE(POLLIN, index * 8 + 4)
  }
  return entries
}

/** Files and audit are read before processes: whoever acted there was forked before, so its fork is in this round. */
function round(): void {
  const files = readFiles()
  const audit = readAudit()
  const notices = readProcesses()
  if (files.length + audit.length + notices.length + overflows.length === 0) return
  const batch: Batch = { notices, audit, files, overflows, at: now() }
  overflows = []
  parentPort?.postMessage(batch)
}

function readAudit(): readonly AuditEvent[] {
  const events: AuditEvent[] = []
  if (input.audit === null) return events
  drain(input.audit, 'audit', (length) => {
    const type = buffer.readUInt16LE(4)
    if (type < 1300 || type > 1400) return
    const joined = assembler.push(type, buffer.toString('latin1', 16, length).replace(/\0+$/, ''))
    const event = joined && kernelEventOf(joined)
    if (event !== undefined) events.push(event)
  })
  return events
}

function readProcesses(): readonly ProcessNotice[] {
  const notices: ProcessNotice[] = []
  if (input.processes === null) return notices
  drain(input.processes, 'processes', (length) => {
    const notice = readNotice(buffer.subarray(0, length))
    if (notice !== undefined) notices.push(notice)
  })
  return notices
}

function drain(fd: number, queue: Queue, take: (length: number) => void): void {
  const began = now()
  for (let count = 0; count < mostPerRound; count += 1) {
    const length = native().recv(fd, buffer, buffer.length, MSG_DONTWAIT)
    if (length > 0) take(length)
    else if (length < 0 && native().errno() === ENOBUFS) noteOverflow(queue)
    else {
      readUntil.note(queue, began)
      return
    }
  }
}

function noteOverflow(queue: Queue): void {
  overflows.push({ queue, from: readUntil.of(queue), to: now() })
}

function now(): number {
  return Date.now() * 1_000
}

function readFiles(): readonly FileNoticeText[] {
  const texts: FileNoticeText[] = []
  if (input.files === null) return texts
  const began = now()
  for (let count = 0; count < mostPerRound && texts.length < mostPerRound; count += 1) {
    const length = native().read(input.files.fd, buffer, buffer.length)
    if (length <= 0) {
      readUntil.note('files', began)
      break
    }
    const at = now()
    const { notices, overflow } = fileNotices.read(buffer, length)
    if (overflow) noteOverflow('files')
    for (const { mask, pid, path, source } of notices) {
      if (pid === process.pid || (mask & fileMask.folder) !== 0n) continue
      const text = path.toString('utf8')
      const raw = Buffer.from(text).equals(path) ? null : path.toString('hex')
      for (const operation of operationsOf(mask)) {
        texts.push({ at, pid, operation, path: text, source: source?.toString('utf8') ?? null, raw })
      }
    }
  }
  return texts
}

/** What was merged into one notice, in the order in which it can have happened. */
function operationsOf(mask: bigint): readonly FileOperation[] {
  const order: readonly FileOperation[] = ['create', 'write', 'change', 'rename', 'delete']
  return order.filter((operation) => (mask & fileMask[operation]) !== 0n)
}
