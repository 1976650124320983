import { type LoadedProgram, type Match, ScanMatcher } from '@tocsin/engine'
import type { Digest, EndpointSettings, ProcessFacts, Verdict } from '@tocsin/model'
import { Names } from '../recorder/linux/names.ts'
import { ContentScanner } from './content/content-scanner.ts'
import { type Looker, lookAtFile } from './look.ts'
import { connectionInstances, processInstances } from './processes.ts'
import { type Skipped, walk } from './walk.ts'

export interface ScanProgress {
  readonly scan: number
  readonly state: 'running' | 'done' | 'failed' | 'cancelled'
  readonly files: number
  readonly bytes: number
  readonly skipped: Readonly<Record<string, number>>
  readonly verdicts: ReadonlyMap<Digest, Verdict>
  readonly quarantined: readonly {
    readonly program: Digest
    readonly code: string
    readonly message: string
  }[]
}

export interface ScannerOptions {
  readonly exclude: readonly string[]
  readonly processes: () => readonly ProcessFacts[]
  readonly chainOf: (key: string) => readonly ProcessFacts[]
  readonly onMatch: (match: Match) => void
}

const settleMs = 100
const progressMs = 1_000
const mostSettling = 50_000
const pauseEvery = 200

/** Looks at what lies there: whole scans, and files that have just been written. */
export class Scanner {
  private readonly options: ScannerOptions
  private readonly users = new Names('/etc/passwd')
  private programs: readonly LoadedProgram[] = []
  private settings: EndpointSettings = { scanRoots: [], scanExclude: [] }
  private content: ContentScanner | undefined
  private contentFault: string | null = null
  private readonly settling = new Map<string, NodeJS.Timeout>()
  private readonly cancelled = new Set<number>()
  private landed: Promise<unknown> = Promise.resolve()

  constructor(options: ScannerOptions) {
    this.options = options
  }

  /** Why no content can be scanned here; nothing if it can. */
  get whyNoContent(): string | null {
    return this.contentFault
  }

  /** Tries the content child once, with a rule that always compiles. */
  async probe(): Promise<void> {
    const probe = new ContentScanner([{ digest: 'probe', text: 'rule probe { condition: false }' }])
    try {
      await probe.start()
      this.contentFault = null
    } catch (error) {
      this.contentFault = error instanceof Error ? error.message : String(error)
    } finally {
      probe.close()
    }
  }

  /** The programs of the active set and where to look. */
  use(programs: readonly LoadedProgram[], settings: EndpointSettings): void {
    this.programs = programs.filter(({ program }) => program.subject !== 'process')
    this.settings = settings
    this.content?.close()
    this.content = this.contentFor(this.programs)
  }

  /** A file was written: it is looked at when it has settled. */
  noticeFile(path: string): void {
    if (this.programs.length === 0 || !this.isUnderRoots(path)) return
    const before = this.settling.get(path)
    if (before === undefined && this.settling.size >= mostSettling) return
    clearTimeout(before)
    this.settling.set(
      path,
      setTimeout(() => {
        this.settling.delete(path)
        this.landed = this.landed.then(() => this.lookAtLanded(path)).catch(() => undefined)
      }, settleMs),
    )
  }

  /** A whole pass for some programs of the set, or all; tells its progress every second and at the end. */
  async scan(
    scan: number,
    wanted: readonly Digest[],
    onProgress: (progress: ScanProgress) => void,
  ): Promise<void> {
    const programs = this.programs.filter(({ digest }) => wanted.length === 0 || wanted.includes(digest))
    const content = this.contentFor(programs)
    const looker = this.lookerFor(programs, content)
    let files = 0
    let toldAt = Date.now()
    const tell = (state: ScanProgress['state'], verdicts: ReadonlyMap<Digest, Verdict> = new Map()) =>
      onProgress({
        scan,
        state,
        files,
        bytes: looker.bytes,
        skipped: Object.fromEntries(looker.skipped),
        verdicts,
        quarantined: quarantinedIn(content, programs),
      })
    try {
      tell('running')
      this.lookAtState(looker)
      for await (const path of this.paths(looker.skipped)) {
        if (this.cancelled.delete(scan)) return tell('cancelled')
        for (const match of await lookAtFile(path, looker)) this.options.onMatch(match)
        files += 1
        if (files % pauseEvery === 0) await new Promise((resolve) => setImmediate(resolve))
        if (Date.now() - toldAt >= progressMs) {
          toldAt = Date.now()
          tell('running')
        }
      }
      const { verdicts, matches } = looker.matcher.finish(isComplete(looker.skipped))
      for (const match of matches) this.options.onMatch(match)
      tell('done', verdicts)
    } catch (error) {
      looker.skipped.set(`fault: ${error instanceof Error ? error.message : String(error)}`.slice(0, 60), 1)
      tell('failed')
    } finally {
      content?.close()
    }
  }

  cancel(scan: number): void {
    this.cancelled.add(scan)
  }

  close(): void {
    for (const timer of this.settling.values()) clearTimeout(timer)
    this.content?.close()
  }

  private async lookAtLanded(path: string): Promise<void> {
    const looker = this.lookerFor(this.programs, this.content)
    for (const match of await lookAtFile(path, looker)) this.options.onMatch(match)
  }

  private lookAtState(looker: Looker): void {
    const { matcher } = looker
    const instances = [
      ...(matcher.wants('process') ? processInstances(this.options.processes(), this.options.chainOf) : []),
      ...(matcher.wants('connection') ? connectionInstances() : []),
    ]
    for (const instance of instances) for (const match of matcher.see(instance)) this.options.onMatch(match)
  }

  /** Files beneath the roots, and the executables of what runs. */
  private async *paths(skipped: Skipped): AsyncGenerator<string> {
    const exclude = [...this.options.exclude, ...this.settings.scanExclude]
    yield* walk(this.settings.scanRoots, exclude, skipped)
    const executables = new Set(
      this.options
        .processes()
        .filter(({ endedAt }) => endedAt === null)
        .map(({ fields }) => fields['process.path']?.values[0])
        .filter((path): path is string => typeof path === 'string' && path.startsWith('/')),
    )
    for (const path of executables) if (!this.isUnderRoots(path)) yield path
  }

  private isUnderRoots(path: string): boolean {
    const under = (prefix: string) => prefix === '/' || path.startsWith(`${prefix.replace(/\/$/, '')}/`)
    const isOut = [...this.options.exclude, ...this.settings.scanExclude].some(
      (each) => path === each || under(each),
    )
    return !isOut && this.settings.scanRoots.some(under)
  }

  private contentFor(programs: readonly LoadedProgram[]): ContentScanner | undefined {
    const sources = new Map(programs.flatMap(({ sources: texts }) => [...texts]))
    if (sources.size === 0 || this.contentFault !== null) return undefined
    return new ContentScanner([...sources].map(([digest, text]) => ({ digest, text })))
  }

  private lookerFor(programs: readonly LoadedProgram[], content: ContentScanner | undefined): Looker {
    return {
      matcher: new ScanMatcher(programs),
      content,
      skipped: new Map(),
      ownerName: (uid) => this.users.of(uid),
      bytes: 0,
    }
  }
}

function quarantinedIn(
  content: ContentScanner | undefined,
  programs: readonly LoadedProgram[],
): ScanProgress['quarantined'] {
  return (content?.quarantined ?? []).flatMap(({ digest, code, message }) =>
    programs
      .filter(({ sources }) => sources.has(digest))
      .map((loaded) => ({ program: loaded.digest, code, message: message.slice(0, 900) })),
  )
}

/** Links, special files and what an operator excluded do not make a pass incomplete. */
const harmless: ReadonlySet<string> = new Set([
  'link',
  'special file',
  'excluded',
  'foreign file system',
  'vanished',
])

function isComplete(skipped: Skipped): boolean {
  return [...skipped.keys()].every((reason) => harmless.has(reason))
}
