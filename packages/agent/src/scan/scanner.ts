import type { BigIntStats } from 'node:fs'
import { lstat } from 'node:fs/promises'
import { type LoadedProgram, type Match, type SawAll, ScanMatcher } from '@tocsin/engine'
import type { EndpointSettings, Fields, Micros } from '@tocsin/model'
import { Names } from '../recorder/linux/names.ts'
import type { ContentLimits } from './content/content.ts'
import { ContentSearch } from './content/content-search.ts'
import type { Quarantine } from './content/quarantine.ts'
import { allContents, type ContentEngines, enginesFor, type Place, unrunTexts } from './engines.ts'
import { type FilePath, filePath, isBeneath } from './file-path.ts'
import { Landing } from './landing.ts'
import { type Looker, lookAtFile } from './look.ts'
import { lookAtState } from './look-at-state.ts'
import { Looks } from './looks.ts'
import { foreignMounts } from './mounts.ts'
import { outlookOf } from './outlook.ts'
import type { Pace } from './pace.ts'
import { Pass } from './pass.ts'
import { Pauses } from './pauses.ts'
import { background, type Held, type ScanOrder, type ScanProgress } from './scan-messages.ts'
import { isHarmless, notRun } from './skipped.ts'
import { stateProviders } from './state/providers.ts'
import { StateReading } from './state/state-reading.ts'
import { type Skipped, skip, walk } from './walk.ts'

export interface ScannerOptions {
  readonly exclude: readonly string[]
  readonly quarantine: Quarantine
  readonly onMatch: (match: Match) => void
  readonly onProgress: (progress: ScanProgress) => void
  readonly onMissed: (count: number) => void
  readonly onHashed?: (path: FilePath, status: BigIntStats, hashes: Fields) => void
  /** With what content can be searched here. */
  readonly engines: ContentEngines
  readonly limits?: ContentLimits
  /** Without it, scans are as fast as they can be. */
  readonly pace?: Pace
  /** CPU seconds that scans have used so far. */
  readonly cpuSeconds?: () => number
  /** Root of the state that is looked at, where it is not the machine's own. */
  readonly root?: string
}

/** Where files that arrive usually land; looked at where a set names no roots. */
const usualRoots: readonly string[] = [
  ...['/tmp', '/var/tmp', '/dev/shm', '/home', '/root', '/opt', '/srv', '/usr/local', '/var/www'],
]
/** Files that are looked at together: one is read while another is hashed, and small ones are searched in one go. */
const fewAtOnce = 4
const manyAtOnce = 64

/** Looks at what lies there: whole scans, and files that have just been written. */
export class Scanner {
  private readonly options: ScannerOptions
  private readonly users = new Names('/etc/passwd')
  private readonly landing: Landing
  private programs: readonly LoadedProgram[] = []
  private roots: readonly string[] = []
  private exclude: readonly string[] = []
  private content: ContentSearch | undefined
  private readonly groups = new Names('/etc/group')
  private readonly running = new Map<number, Pass>()
  private readonly pauses = new Pauses()

  constructor(options: ScannerOptions) {
    this.options = options
    this.landing = new Landing({ look: (path) => this.lookAtLanded(path), onMissed: options.onMissed })
  }

  /** The programs of the active set and where to look. */
  use(programs: readonly LoadedProgram[], { scanRoots, scanExclude }: EndpointSettings): void {
    this.programs = programs.filter(({ program }) => program.subject !== 'process')
    this.roots = scanRoots.length > 0 ? scanRoots : usualRoots
    this.exclude = [...this.options.exclude, ...scanExclude]
    this.landing.use(this.programs.length === 0 ? [] : this.roots, this.exclude)
    this.content?.close()
    this.content = this.contentFor(this.programs, 'file')
  }

  /** A file was written: it is looked at when it has settled. */
  landed(path: FilePath): void {
    this.landing.notice(path)
  }

  hold({ scans, landing }: Held): void {
    this.options.pace?.hold(scans)
    this.landing.hold(landing)
    if (scans) this.content?.rest()
    if (scans) this.running.get(background)?.rest()
  }

  /** A scan stands still, or goes on; also one that has not begun. */
  pause(scan: number, isPaused: boolean): void {
    this.pauses.set(scan, isPaused)
    if (isPaused) this.running.get(scan)?.rest()
  }

  /** A whole pass for some programs of the set, or all; tells its progress every second and at the end. */
  async scan(order: ScanOrder): Promise<void> {
    const pass = this.passOf(order)
    this.running.set(order.scan, pass)
    try {
      pass.tell('running')
      await this.look(pass)
    } catch (error) {
      pass.failed(error)
    } finally {
      this.running.delete(order.scan)
      pass.close()
    }
  }

  private passOf(order: ScanOrder): Pass {
    const { programs: wanted } = order
    const { root, onProgress } = this.options
    const programs = this.programs.filter(({ digest }) => wanted.length === 0 || wanted.includes(digest))
    const [content, memory] = [this.contentFor(programs, 'file'), this.contentFor(programs, 'memory')]
    const looker = this.lookerFor(programs, content)
    for (const digest of wanted)
      if (!programs.some((each) => each.digest === digest)) skip(looker.skipped, notRun)
    const run = new AbortController()
    const reading = new StateReading({ abort: run.signal, ...(root === undefined ? {} : { root }) })
    return new Pass({ order, run, looker, content, memory, reading, pauses: this.pauses, onProgress })
  }

  private async look(pass: Pass): Promise<void> {
    const { order, looker, reading } = pass.parts
    const isAll = order.since === undefined
    await pass.stand()
    if (order.scan === background && isAll) pass.outlook = await this.outlook(pass.abort)
    await this.lookAtState(pass)
    await this.lookAtFiles(pass)
    if (pass.abort.aborted) return pass.tell('cancelled')
    const sawAll = sawAllOf(looker.skipped, reading)
    const { verdicts, matches } = looker.matcher.finish((object) => isAll && sawAll(object))
    for (const match of matches) this.options.onMatch(match)
    pass.tell('done', verdicts)
  }

  private async lookAtState(pass: Pass): Promise<void> {
    const { order, looker, reading, memory } = pass.parts
    const { matcher } = looker
    await lookAtState({
      ...{ matcher, reading, processes: order.processes, onMatch: this.options.onMatch, abort: pass.abort },
      memory: memory === undefined ? undefined : { ...looker, content: memory },
      turn: () => this.turn(pass),
    })
    memory?.close()
  }

  private async lookAtFiles(pass: Pass): Promise<void> {
    const { order, looker, content } = pass.parts
    const { since, processes } = order
    const looks = new Looks(content === undefined ? fewAtOnce : manyAtOnce)
    for await (const path of this.paths(looker.skipped, processes)) {
      await pass.stand()
      await this.turn(pass)
      if (pass.abort.aborted) return
      if (since !== undefined && !(await isChangedSince(path, since))) continue
      await looks.add(async () => {
        for (const match of await lookAtFile(path, looker)) this.options.onMatch(match)
        pass.files += 1
      })
      pass.tellNow()
    }
    await looks.end()
  }

  /** Somebody waits for a scan that was asked for; it yields to all others by its priority. */
  private async turn({ parts: { order }, abort }: Pass): Promise<void> {
    if (order.scan === background) await this.options.pace?.turn(abort)
  }

  cancel(scan: number): void {
    this.running.get(scan)?.parts.run.abort()
  }

  close(): void {
    for (const { parts } of this.running.values()) parts.run.abort()
    this.landing.close()
    this.content?.close()
  }

  /** First the programs that need no content: they do not wait for a rule that spins on another file. */
  private async lookAtLanded(path: FilePath): Promise<void> {
    const { content } = this
    const isOfContent = ({ sources }: LoadedProgram) => sources.size > 0
    const plain = this.programs.filter((loaded) => !isOfContent(loaded))
    const rest = this.programs.filter(isOfContent)
    for (const [programs, scanner] of [[plain, undefined] as const, [rest, content] as const]) {
      if (programs.length === 0) continue
      const matches = await lookAtFile(path, this.lookerFor(programs, scanner, true)).catch(() => [])
      for (const match of matches) this.options.onMatch(match)
    }
  }

  /** How much a pass over the roots is, counted before it begins. */
  private async outlook(abort: AbortSignal): Promise<ReturnType<typeof outlookOf>> {
    const { pace, cpuSeconds = () => 0 } = this.options
    let count = 0
    for await (const _ of walk(this.roots, { exclude: this.exclude, skipped: new Map() })) {
      count += 1
      await pace?.turn(abort)
      if (abort.aborted) break
    }
    return outlookOf({ files: count, cores: () => pace?.allowed ?? 1, cpuSeconds })
  }

  /** Files beneath the roots, and the executables of what runs. */
  private async *paths(skipped: Skipped, processes: ScanOrder['processes']): AsyncGenerator<FilePath> {
    const { roots, exclude } = this
    const foreign = await foreignMounts()
    yield* walk(roots, { exclude, skipped, foreign })
    const executables = new Set(
      processes
        .filter(({ endedAt }) => endedAt === null)
        .map(({ fields }) => fields['process.path']?.values[0])
        .filter((path): path is string => typeof path === 'string' && path.startsWith('/')),
    )
    for (const path of executables) {
      if (isBeneath(path, [...foreign.points])) skip(skipped, 'foreign file system')
      else if (!isBeneath(path, roots) || isBeneath(path, exclude)) yield filePath(Buffer.from(path))
    }
  }

  private contentFor(programs: readonly LoadedProgram[], place: Place): ContentSearch | undefined {
    const { engines, quarantine, limits } = this.options
    const texts = new Map(
      programs.flatMap((loaded) =>
        allContents(loaded).map((content) => {
          const text = loaded.sources.get(content.source) ?? ''
          return [
            content.source,
            { digest: content.source, text, engines: enginesFor(content, engines, place) },
          ]
        }),
      ),
    )
    const routed = [...texts.values()].filter((text) => text.engines.length > 0)
    if (routed.length === 0) return undefined
    return new ContentSearch(routed, { quarantine, ...(limits === undefined ? {} : { limits }) })
  }

  private lookerFor(
    programs: readonly LoadedProgram[],
    content: ContentSearch | undefined,
    isLanding = false,
  ): Looker {
    return {
      isLanding,
      unrun: unrunTexts(programs, this.options.engines),
      matcher: new ScanMatcher(programs),
      content,
      quarantine: this.options.quarantine,
      skipped: new Map(),
      ownerName: (uid) => this.users.of(uid),
      groupName: (gid) => this.groups.of(gid),
      bytes: 0,
      onHashed: this.options.onHashed ?? (() => undefined),
    }
  }
}

const ofState: ReadonlySet<string> = new Set(stateProviders.map(({ object }) => object))

/** Of each kind for itself: what of a home could not be read hides files, but no mount. */
function sawAllOf(skipped: Skipped, reading: StateReading): SawAll {
  const sawFiles = isComplete(skipped)
  return (object) => (object !== 'observation' && ofState.has(object) ? reading.sawAll(object) : sawFiles)
}

function isComplete(skipped: Skipped): boolean {
  return [...skipped.keys()].every(isHarmless)
}

/** By the time of the last change of its inode, which nobody but the system's clock can set back. */
async function isChangedSince({ bytes }: FilePath, since: Micros): Promise<boolean> {
  const status = await lstat(bytes, { bigint: true }).catch(() => undefined)
  return status !== undefined && Number(status.ctimeNs / 1_000n) >= since
}
