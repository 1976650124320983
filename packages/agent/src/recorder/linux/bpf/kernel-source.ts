import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BlindInterval, ObjectKind } from '@tocsin/model'
import { mapped, native, nativeError, openPinned } from '../../../native.ts'
import {
  dnsProperties,
  driverProperties,
  fileProperties,
  imageProperties,
  networkProperties,
  processProperties,
  securityProperties,
} from '../delivered.ts'
import { Clock } from './clock.ts'
import { decode } from './decode.ts'
import { countBytes, kindCount, kinds, mostCpus } from './layout.ts'
import type { KernelNotice } from './notices.ts'
import { type Pins, pinPrograms } from './pins.ts'
import { pageSize, Ring } from './ring.ts'

/** Ten seconds of 10,000 processes a second. */
const defaultRingBytes = 16 << 20
const pollMs = 10
/** After so many polls in which nothing came, it comes less often. */
const quietPolls = 100
const quietPollMs = 20
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
    const now = Date.now() * 1_000
    const lastRead = this.clock.micros(Number(Atomics.load(this.reader, 0)))
    this.keptSince = new Map(pins.isKept ? this.objects().map((object) => [object, lastRead]) : [])
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
    return Object.fromEntries(this.objects().map((object) => [object, delivered[object] ?? []]))
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
  }

  private pollAgain(): void {
    this.resume()
    this.poll()
  }

  /** The programs go on as long as somebody reads, and who comes next knows since when nobody did. */
  private noteReading(): void {
    Atomics.store(this.reader, 0, this.clock.nanosNow())
  }

  private objects(): readonly ObjectKind[] {
    const found = Object.entries(carriers).filter(([, names]) =>
      names.every((name) => this.programs.has(name)),
    )
    return found.map(([object]) => object as ObjectKind)
  }

  /** What found no room in the ring, by kind, since it was told last, be it by an agent before this one. */
  private tellLosses(): void {
    this.clock.adjust()
    const now = Date.now() * 1_000
    const lost = new Map<ObjectKind, number>()
    for (const kind of Object.values(kinds)) {
      const dropped = this.droppedOf(kind)
      const before = Number(Atomics.load(this.reader, 1 + kind))
      if (dropped <= before) continue
      Atomics.store(this.reader, 1 + kind, BigInt(dropped))
      const object = objectOf(kind)
      lost.set(object, (lost.get(object) ?? 0) + dropped - before)
    }
    for (const [object, count] of lost) {
      this.listener.onBlind({ from: this.lastWell, to: now, object, count, reason: 'overflow' })
    }
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
    for (const object of new Set(Object.values(kinds).map(objectOf))) {
      this.listener.onBlind({ from, to, object, count: null, reason: 'stopped' })
    }
  }
}

/** Programs without which nothing, or only a part, is told of an object. */
const carriers: Readonly<Partial<Record<ObjectKind, readonly string[]>>> = {
  process: ['on_fork', 'on_exec', 'on_exit'],
  network: ['on_state', 'on_return', 'on_connect4', 'on_connect6', 'on_send4', 'on_send6'],
  dns: ['on_egress', 'on_ingress', 'on_send4', 'on_send6', 'on_connect4', 'on_connect6'],
  security: ['on_return'],
  file: ['on_open', 'on_put', 'on_rename', 'on_unlink'],
  image: ['on_map'],
  driver: ['on_module'],
}

const delivered: Readonly<Partial<Record<ObjectKind, readonly string[]>>> = {
  process: processProperties,
  network: networkProperties,
  dns: dnsProperties,
  security: securityProperties,
  file: fileProperties,
  image: imageProperties,
  driver: driverProperties,
}

const objectsOf: Readonly<Record<keyof typeof kinds, ObjectKind>> = {
  fork: 'process',
  exec: 'process',
  exit: 'process',
  create: 'file',
  write: 'file',
  rename: 'file',
  delete: 'file',
  change: 'file',
  link: 'file',
  undone: 'file',
  connect: 'network',
  accept: 'network',
  listen: 'network',
  close: 'network',
  datagram: 'network',
  dnsQuery: 'dns',
  dnsAnswer: 'dns',
  image: 'image',
  module: 'driver',
  ptrace: 'security',
  bpfLoad: 'security',
  setUser: 'security',
  mount: 'security',
}

const byNumber: ReadonlyMap<number, ObjectKind> = new Map(
  Object.entries(objectsOf).map(([name, object]) => [kinds[name as keyof typeof kinds], object]),
)

function objectOf(kind: number): ObjectKind {
  return byNumber.get(kind) ?? 'process'
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
