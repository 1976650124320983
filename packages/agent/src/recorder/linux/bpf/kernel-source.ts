import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BlindInterval, ObjectKind } from '@tocsin/model'
import { mapped, native, nativeError, openPinned } from '../../../native.ts'
import { Clock } from './clock.ts'
import { decode } from './decode.ts'
import { newLosses, skippablePrograms } from './kernel-losses.ts'
import { countBytes, kindCount, mostCpus } from './layout.ts'
import type { KernelNotice } from './notices.ts'
import { deliveredBy, kernelObjects, objectsBy } from './objects.ts'
import { type Pins, pinPrograms } from './pins.ts'
import { pageSize, Ring } from './ring.ts'
import { Skips } from './skips.ts'

/** Ten seconds of 10,000 processes a second. */
const defaultRingBytes = 16 << 20
const pollMs = 10
/** After so many polls in which nothing came, they come less often: the ring has room for far longer. */
const quietPolls = 10
const quietPollMs = 40
const mostPerRound = 10_000
/** As long as the programs go on without a reader; see is_read in recorder.bpf.c. */
const longestUnread = 600_000_000

export interface KernelListener {
  readonly onKernel: (notices: readonly KernelNotice[]) => void
  readonly onBlind: (interval: BlindInterval) => void
}

/** What the kernel's own programs record, read from their ring by the thread that made this. */
export class KernelSource {
  private readonly programs: ReadonlySet<string>
  /** Objects of which everything was kept since then, µs, while no agent ran. */
  readonly keptSince: ReadonlyMap<ObjectKind, number>
  private readonly ring: Ring
  private readonly counts: BigUint64Array
  private readonly reader: BigUint64Array
  private readonly skips: Skips
  private readonly clock = new Clock()
  private readonly listener: KernelListener
  private readonly cpus = possibleCpus()
  private readonly lossTimer: NodeJS.Timeout
  private pollTimer: NodeJS.Timeout | undefined
  private emptyPolls = 0
  private lastWell: number

  private constructor(pins: Pins, ringBytes: number, listener: KernelListener) {
    this.listener = listener
    this.programs = pins.programs
    this.ring = new Ring(mapRing(join(pins.folder, 'ring'), ringBytes))
    this.counts = new BigUint64Array(
      mapFile(join(pins.folder, 'counts'), mostCpus * kindCount * countBytes, 'read'),
    )
    this.reader = new BigUint64Array(mapFile(join(pins.folder, 'reader'), (1 + kindCount) * 8, 'write'))
    this.skips = new Skips(
      pins.folder,
      skippablePrograms.filter((name) => pins.programs.has(name)),
    )
    const now = Date.now() * 1_000
    const lastRead = this.clock.micros(Number(Atomics.load(this.reader, 0)))
    this.keptSince = new Map(pins.isKept ? objectsBy(pins.programs).map((object) => [object, lastRead]) : [])
    this.lastWell = pins.isKept ? lastRead : now
    if (pins.isKept && now - lastRead > longestUnread) this.tellUnread(lastRead + longestUnread, now)
    this.noteReading()
    this.lossTimer = setInterval(() => {
      this.noteReading()
      this.tellLosses()
    }, 1_000)
    this.resume()
  }

  static async open(
    stateDir: string,
    listener: KernelListener,
    ringBytes = defaultRingBytes,
  ): Promise<KernelSource> {
    return new KernelSource(await pinPrograms(stateDir, ringBytes), ringBytes, listener)
  }

  /** File events are told too; elsewhere fanotify tells of them. */
  get hasFiles(): boolean {
    return this.programs.has('on_open') && this.programs.has('on_put')
  }

  /** Object → properties that its events carry; an object whose programs the kernel refused is not there. */
  capabilityEvents(): Readonly<Record<string, readonly string[]>> {
    return deliveredBy(this.programs)
  }

  /** Reads what is there; called by others too who must have heard of all that happened before. */
  poll(): void {
    for (let isMore = true; isMore; ) {
      const notices: KernelNotice[] = []
      isMore = this.ring.drain(mostPerRound, (record) => {
        const notice = decode(record, this.clock.bootMicros)
        if (notice !== undefined) notices.push(notice)
      })
      this.emptyPolls = notices.length > 0 ? 0 : this.emptyPolls + 1
      if (notices.length > 0) this.listener.onKernel(notices)
    }
  }

  /** The ring fills meanwhile, and what finds no room is counted. */
  pause(): void {
    clearTimeout(this.pollTimer)
  }

  resume(): void {
    clearTimeout(this.pollTimer)
    const isQuiet = this.emptyPolls > quietPolls
    this.pollTimer = setTimeout(() => this.pollAgain(), isQuiet ? quietPollMs : pollMs)
  }

  /** The kernel goes on recording; see releasePins. */
  stop(): void {
    this.pause()
    clearInterval(this.lossTimer)
    this.poll()
    this.noteReading()
    this.tellLosses()
    this.skips.close()
  }

  private pollAgain(): void {
    this.resume()
    this.poll()
  }

  /** The programs go on as long as somebody reads, and who comes next knows since when nobody did. */
  private noteReading(): void {
    Atomics.store(this.reader, 0, this.clock.nanosNow())
  }

  /** What was lost since it was told last, be it by an agent before this one. */
  private tellLosses(): void {
    this.clock.adjust()
    const now = Date.now() * 1_000
    const losses = newLosses({
      told: this.reader,
      dropped: (kind) => this.droppedOf(kind),
      skipped: () => this.skips.counts(),
    })
    for (const loss of losses) this.listener.onBlind({ from: this.lastWell, to: now, ...loss })
    this.lastWell = now
  }

  private droppedOf(kind: number): number {
    let sum = 0
    for (let cpu = 0; cpu < this.cpus; cpu += 1) {
      sum += Number(Atomics.load(this.counts, (cpu * kindCount + kind) * 3 + 2))
    }
    return sum
  }

  private tellUnread(from: number, to: number): void {
    for (const object of kernelObjects) {
      this.listener.onBlind({ from, to, object, count: null, reason: 'stopped' })
    }
  }
}

function mapRing(path: string, size: number): ConstructorParameters<typeof Ring>[0] {
  const fd = openPinned(path)
  const consumer = mapped(fd, { length: pageSize, offset: 0, access: 'write' })
  const producer = mapped(fd, { length: pageSize + size, offset: pageSize, access: 'read' })
  close(fd)
  return { consumer, producer, size }
}

function mapFile(path: string, length: number, access: 'read' | 'write'): ArrayBuffer {
  const fd = openPinned(path)
  const memory = mapped(fd, { length, offset: 0, access })
  close(fd)
  return memory
}

/** A mapping holds what it maps; the descriptor is not needed any more. */
function close(fd: number): void {
  if (native().close(fd) !== 0) throw nativeError('close')
}

function possibleCpus(): number {
  const last = /(\d+)\s*$/.exec(readFileSync('/sys/devices/system/cpu/possible', 'utf8'))?.[1]
  return Math.min(mostCpus, Number(last ?? 0) + 1)
}
