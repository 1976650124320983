import type { RecordedEvent } from '@tocsin/model'
import { type FilePath, isBeneath } from './file-path.ts'

export interface LandingOptions {
  /** Looks at one file; never fails. */
  readonly look: (path: FilePath) => Promise<void>
  /** So many files landed that they cannot all be remembered: these were not looked at. */
  readonly onMissed: (count: number) => void
}

const settleMs = 100
/** A file that is written all the time is looked at this long after it was first noticed. */
const longestSettleMs = 2_000
const most = 50_000
const atOnce = 4

interface Noticed {
  readonly path: FilePath
  readonly since: number
  timer: NodeJS.Timeout
}

/** Files that were just written: each is looked at once it has settled, a few at a time. */
export class Landing {
  private readonly options: LandingOptions
  private readonly settling = new Map<string, Noticed>()
  private readonly ready: FilePath[] = []
  private roots: readonly string[] = []
  private exclude: readonly string[] = []
  private busy = 0
  private isHeld = false

  constructor(options: LandingOptions) {
    this.options = options
  }

  /** Only files beneath these are looked at. */
  use(roots: readonly string[], exclude: readonly string[]): void {
    this.roots = roots
    this.exclude = exclude
  }

  notice(path: FilePath): void {
    if (!isBeneath(path.text, this.roots) || isBeneath(path.text, this.exclude)) return
    const key = path.bytes.toString('latin1')
    const before = this.settling.get(key)
    if (before === undefined && this.size >= most) {
      this.options.onMissed(1)
      return
    }
    clearTimeout(before?.timer)
    const since = before?.since ?? Date.now()
    const pause = Math.max(0, Math.min(settleMs, since + longestSettleMs - Date.now()))
    const timer = setTimeout(() => {
      this.settling.delete(key)
      this.ready.push(path)
      this.pump()
    }, pause)
    this.settling.set(key, { path, since, timer })
  }

  /** Files are noticed and wait. */
  hold(isHeld: boolean): void {
    this.isHeld = isHeld
    this.pump()
  }

  /** Files that wait. */
  get size(): number {
    return this.settling.size + this.ready.length
  }

  close(): void {
    for (const { timer } of this.settling.values()) clearTimeout(timer)
    this.settling.clear()
    this.ready.length = 0
  }

  private pump(): void {
    while (this.busy < atOnce && !this.isHeld) {
      const path = this.ready.shift()
      if (path === undefined) return
      this.busy += 1
      void this.options.look(path).finally(() => {
        this.busy -= 1
        this.pump()
      })
    }
  }
}

const landing: ReadonlySet<string> = new Set(['create', 'write', 'rename'])

/** The bytes of the path at which an event put a file; where they are no UTF-8, the event has them beside the text. */
export function landedPath({ object, operation, fields }: RecordedEvent): Buffer | undefined {
  if (object !== 'file' || !landing.has(operation)) return undefined
  const [raw] = fields['file.path.raw']?.values ?? []
  if (raw !== null && typeof raw === 'object' && 'bytes' in raw) return Buffer.from(raw.bytes, 'hex')
  const [path] = fields['file.path']?.values ?? []
  return typeof path === 'string' ? Buffer.from(path) : undefined
}
