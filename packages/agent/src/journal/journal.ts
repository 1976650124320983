import { rmSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import type {
  BlindInterval,
  Completion,
  EventObject,
  Micros,
  ProcessFacts,
  ProcessKey,
  RecordedEvent,
} from '@tocsin/model'
import type { Log } from '../log.ts'
import { JournalThread } from './journal-thread.ts'
import { type JournalLimits, limitsOf } from './limits.ts'
import type { Answers } from './messages.ts'
import type { HistoryFilter, HistoryQuestion } from './questions.ts'
import type { Space } from './retention.ts'
import { namesIn } from './segment-files.ts'
import { Segments } from './segments.ts'

export interface JournalOptions {
  readonly stateDir: string
  readonly log: Log
  /** Facts of a process that acts and was not told, such as one that was forked and never ran another image. */
  readonly processOf: (key: ProcessKey) => ProcessFacts | undefined
  /** All that was told so far is written, or was given up. */
  readonly onFlushed?: () => void
  /** History reaches back less far than before, or begins. */
  readonly onReach?: () => void
  readonly limits?: Partial<JournalLimits>
  readonly space?: (folder: string) => Space
}

const batchMs = 500
const recallMs = 10_000
const mostRecalled = 5_000
const tidyMs = 10_000
/** A process that is told so long after it began was there before, µs. */
const longAgo = 60_000_000

type Reached<Name extends keyof Answers> = Promise<
  Answers[Name]['answer'] & { readonly reach: ReadonlyMap<EventObject, Micros> }
>

/** What was recorded, on disk, for questions about the past. Writing costs the caller a few microseconds an event. */
export class Journal {
  readonly folder: string
  private readonly options: JournalOptions
  private readonly segments: Segments
  private readonly thread: JournalThread
  private readonly timers: readonly NodeJS.Timeout[]
  /** Processes whose facts are in the segment that is written now. */
  private readonly told = new Set<ProcessKey>()
  private lastId = 0
  private lastReach = ''

  constructor(options: JournalOptions) {
    const { stateDir, log, limits, space = spaceOf } = options
    this.options = options
    this.folder = join(stateDir, 'journal')
    removeOld(stateDir, log)
    this.thread = new JournalThread({ folder: this.folder }, (message) => this.segments.hear(message))
    this.segments = new Segments({
      folder: this.folder,
      limits: limitsOf(limits),
      log,
      space: () => space(stateDir),
      seal: (file) => this.thread.seal(file),
      sealing: () => this.thread.sealing,
      onForget: (series) => {
        if (series === 'process') this.told.clear()
      },
    })
    this.segments.tidy()
    this.lastReach = String(this.since())
    this.timers = [setInterval(() => this.flush(), batchMs), setInterval(() => this.tidy(), tidyMs)]
  }

  event(event: RecordedEvent): void {
    const id = Number(event.id)
    const replaces = id <= this.lastId
    if (!replaces) this.lastId = id
    this.know(event.actor, event.at)
    this.segments.add(event.object, {
      kind: 'event',
      at: event.at,
      event,
      times: 1,
      lastAt: event.at,
      replaces,
    })
  }

  process(facts: ProcessFacts): void {
    const now = Date.now() * 1_000
    this.tell(facts, now - facts.startedAt < longAgo ? facts.startedAt : now)
  }

  completion(completion: Completion): void {
    const at = Date.now() * 1_000
    if (this.told.has(completion.of)) this.segments.add('process', { kind: 'completion', at, completion })
    else this.know(completion.of, at)
  }

  blind(interval: BlindInterval): void {
    this.segments.add(interval.object, { kind: 'blind', at: interval.to, interval })
  }

  /** Since when events of an object are kept. */
  reach(): ReadonlyMap<EventObject, Micros> {
    return this.segments.reach()
  }

  /** Since when everything that is kept is kept. */
  since(): Micros | null {
    const reach = [...this.reach().values()]
    return reach.length === 0 ? null : Math.max(...reach)
  }

  bytes(): number {
    return this.segments.bytes()
  }

  page(question: HistoryQuestion, abort?: AbortSignal): Reached<'page'> {
    return this.ask('page', question, abort)
  }

  counts(filter: HistoryFilter, abort?: AbortSignal): Reached<'counts'> {
    return this.ask('counts', filter, abort)
  }

  processTree(key: ProcessKey, abort?: AbortSignal): Reached<'tree'> {
    return this.ask('tree', key, abort)
  }

  /** What was known last of processes, as far as it is found soon. */
  async recall(keys: readonly ProcessKey[]): Promise<readonly ProcessFacts[]> {
    const abort = AbortSignal.timeout(recallMs)
    const asked = this.ask('facts', keys.slice(0, mostRecalled), abort)
    return asked.then(
      ({ processes }) => processes,
      () => [],
    )
  }

  blindIntervals(from: Micros, to: Micros): Reached<'blind'> {
    return this.ask('blind', { from, to })
  }

  /** Writes what waits; it is done twice a second by itself. */
  flush(): void {
    this.segments.flush()
    this.options.onFlushed?.()
    this.noteReach()
  }

  /** Seals, drops what is too old or too much, and looks at the room that is left; done by itself. */
  tidy(): void {
    this.segments.tidy()
    this.noteReach()
  }

  async close(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer)
    await this.thread.close()
    this.segments.close()
  }

  private async ask<Name extends keyof Answers>(
    name: Name,
    asked: Answers[Name]['asked'],
    abort?: AbortSignal,
  ): Reached<Name> {
    this.flush()
    const answer = await this.thread.ask(name, asked, abort)
    return { ...answer, reach: this.reach() }
  }

  /** Each process segment knows everyone who acts while it is written, and whom they came from. */
  private know(key: ProcessKey, at: Micros): void {
    if (this.told.has(key)) return
    this.told.add(key)
    const facts = this.options.processOf(key)
    if (facts !== undefined) this.tell(facts, Math.max(at, facts.startedAt))
  }

  private tell(facts: ProcessFacts, at: Micros): void {
    this.told.add(facts.key)
    if (facts.parent !== null) this.know(facts.parent, at)
    this.segments.add('process', { kind: 'process', at, facts })
  }

  private noteReach(): void {
    const reach = String(this.since())
    if (reach === this.lastReach) return
    this.lastReach = reach
    this.options.onReach?.()
  }
}

function spaceOf(folder: string): Space {
  const { bavail, blocks, bsize } = statfsSync(folder)
  return { free: bavail * bsize, size: blocks * bsize }
}

/** The single file of earlier versions is not read. */
function removeOld(stateDir: string, log: Log): void {
  const old = namesIn(stateDir).filter((name) => name.startsWith('journal.db'))
  for (const name of old) rmSync(join(stateDir, name), { force: true })
  if (old.length > 0) log.info('a journal of an earlier format was removed', { files: old })
}
