import type { EngineName } from '../engines.ts'
import type { Silence } from './child-process.ts'
import type { ContentLimits, FileContent, Found, Source } from './content.ts'
import { isLost, withoutRules } from './cut-rules.ts'
import { HeldChild, isAnswer } from './held-child.ts'
import type { FromChild, Scanned } from './messages.ts'
import type { Quarantine } from './quarantine.ts'

export interface ContentScannerOptions {
  readonly quarantine: Quarantine
  readonly engine: EngineName
  readonly limits?: ContentLimits
  /** Takes over a text that does not compile here; where it does not, the text is set aside. */
  readonly onRefused?: (source: Source) => boolean
}

interface Waiting {
  readonly file: FileContent
  readonly resolve: (found: Found) => void
  readonly reject: (error: unknown) => void
}

interface Blamed {
  readonly source: string
  readonly rule: string
  readonly fault: string
}

const usual: ContentLimits = { file: 10_000, compile: 30_000 }
/** A text whose rules together take so many limits for one file is set aside, even if none does alone. */
const mostTogether = 12
/** Small files are scanned many at a time: asking the child costs more than scanning one. */
const batch = { files: 64, bytes: 4 << 20 } as const

/** Runs YARA in a confined child under deadlines: a child that exceeds one is killed, and the guilty rule is set aside. */
export class ContentScanner {
  private readonly options: ContentScannerOptions
  private readonly limits: ContentLimits
  private readonly child: HeldChild
  private sources: readonly Source[]
  private waiting: Waiting[] = []
  private queue: Promise<unknown> = Promise.resolve()
  private isClosed = false
  /** The rule for which the engine gave up on the file just now. */
  private blamed: Blamed | undefined

  constructor(sources: readonly Source[], options: ContentScannerOptions) {
    this.sources = sources
    this.options = options
    this.limits = options.limits ?? usual
    this.child = new HeldChild({
      engine: options.engine,
      limits: this.limits,
      onRefused: (source, answer) => this.refuse(source, answer),
    })
  }

  /** uid of the child, once it runs. */
  get uid(): number | undefined {
    return this.child.uid
  }

  /** Matches of every rule that is not set aside. */
  scan(file: FileContent): Promise<Found> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ file, resolve, reject })
      void this.inTurn(() => this.scanSome())
    })
  }

  /** One more text, from the next file on. */
  take(source: Source): void {
    void this.inTurn(async () => {
      this.sources = [...this.sources, source]
    })
  }

  /** Starts the child and compiles; fails with the reason where it cannot be confined. */
  start(): Promise<void> {
    return this.inTurn(() => this.prepare())
  }

  /** Gives the child's memory back once it has answered; the next file starts another. */
  rest(): void {
    void this.inTurn(async () => this.child.kill())
  }

  close(): void {
    this.isClosed = true
    this.child.kill()
    void this.inTurn(async () => this.child.release())
  }

  private inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.queue.then(work)
    this.queue = turn.catch(() => undefined)
    return turn
  }

  /** Those that wait and fit together; each has a turn, so a turn may find that its file is done. */
  private async scanSome(): Promise<void> {
    const some = this.nextBatch()
    if (some.length === 0) return
    try {
      if (this.isClosed) throw new Error('the scanner is closed')
      this.child.forgetFiles()
      await this.prepare()
      const together = some.length > 1 ? await this.scanTogether(some) : undefined
      if (together === undefined) for (const each of some) await this.settle(each)
      else for (const [number, each] of some.entries()) await this.settle(each, together[number])
    } catch (error) {
      for (const { reject } of some) reject(error)
    }
  }

  private nextBatch(): readonly Waiting[] {
    let bytes = 0
    const most = Math.min(this.child.room, batch.bytes)
    const fits = this.waiting.findIndex(({ file }, number) => {
      bytes += file.size
      return number >= batch.files || (number > 0 && bytes > most)
    })
    return this.waiting.splice(0, fits === -1 ? this.waiting.length : fits)
  }

  private async settle({ file, resolve, reject }: Waiting, found?: Found): Promise<void> {
    if (found !== undefined) return resolve(found)
    await this.scanAlone(file).then(resolve, reject)
  }

  /** Again without the rule that made the engine give up, as long as there is one. */
  private async scanAlone(file: FileContent): Promise<Found> {
    for (;;) {
      const { sources } = this
      if (sources.length === 0) return nothing
      const found = await this.scanWith(sources, file)
      const { blamed } = this
      this.blamed = undefined
      if (blamed === undefined || !sources.some(({ digest }) => digest === blamed.source)) return found
      await this.withoutBlamed(blamed, file)
    }
  }

  private async withoutBlamed({ source, rule, fault }: Blamed, file: FileContent): Promise<void> {
    const message = `${rule}: ${fault} on ${file.externals.filename}`
    this.options.quarantine.add({ source, rule, code: 'rule.too-slow', message })
    const text = this.sources.find(({ digest }) => digest === source)
    if (text !== undefined) await this.leaveOut(text, new Set([rule]))
  }

  /** Where no rule is left, or the one to blame is not found in the text, the whole text goes. */
  private async leaveOut(source: Source, unwanted: ReadonlySet<string>): Promise<void> {
    const rules = await this.child.cut(source)
    const text = withoutRules(source.text, rules, unwanted)
    const isGone = text === '' || text === source.text
    this.sources = this.sources.flatMap((each) => {
      if (each.digest !== source.digest) return [each]
      return isGone ? [] : [{ ...each, text }]
    })
  }

  /** Nothing where one of the files could not be read, or took too long: then each is looked at alone. */
  private async scanTogether(some: readonly Waiting[]): Promise<readonly (Found | undefined)[] | undefined> {
    const { sources } = this
    if (sources.length === 0) return some.map(() => nothing)
    if ((await this.child.load(sources)) === undefined) return undefined
    const answer = await this.child.scan(some.map(({ file }) => file)).catch(() => undefined)
    if (typeof answer !== 'object') return undefined
    return answer.map((each) => (each.guilty === undefined ? foundBy(sources, each) : undefined))
  }

  /** Compiles each text once; those that are refused or late are set aside, then those that are known to be slow. */
  private async prepare(): Promise<void> {
    if (this.child.holds(this.sources)) return
    const usable: Source[] = []
    for (const source of this.sources) {
      const left = await this.withoutSlowRules(source)
      if (left !== undefined) usable.push(left)
    }
    this.sources = usable
    if (usable.length === 0) await this.child.running()
    else this.sources = (await this.child.load(usable)) ?? usable
  }

  private async withoutSlowRules(source: Source): Promise<Source | undefined> {
    const aside = this.options.quarantine.of(source.digest)
    if (aside.some(({ rule }) => rule === null)) return undefined
    const unwanted = new Set(aside.flatMap(({ rule }) => rule ?? []))
    if (unwanted.size === 0) return source
    const text = withoutRules(source.text, await this.child.cut(source), unwanted)
    return text === '' ? undefined : { ...source, text }
  }

  private refuse(source: Source, answer: FromChild | Silence): void {
    if (this.isClosed || answer === 'starved') return
    if (isAnswer(answer, 'added') && this.options.onRefused?.(source) === true) return
    const message = isAnswer(answer, 'added')
      ? (answer.fault ?? '')
      : `it does not compile within ${this.limits.compile} ms of CPU time and the memory there is`
    const code = isAnswer(answer, 'added') ? 'rule.refused' : 'rule.too-slow'
    this.options.quarantine.add({ source: source.digest, rule: null, code, message })
  }

  /** Where all at once are too slow, each half alone, down to the text, and in it the rule, that is too slow by itself. */
  private async scanWith(sources: readonly Source[], file: FileContent): Promise<Found> {
    const answer = await this.scanOnce(sources, file)
    if (typeof answer === 'object') return answer
    const [only] = sources
    if (only === undefined || answer === 'starved' || this.isClosed) return unread(sources)
    if (sources.length === 1) return this.scanRuleByRule(only, file)
    const middle = sources.length >> 1
    return joined(
      await this.scanWith(sources.slice(0, middle), file),
      await this.scanWith(sources.slice(middle), file),
    )
  }

  private async scanRuleByRule(source: Source, file: FileContent): Promise<Found> {
    const rules = await this.child.cut(source)
    const guilty = new Set<string>()
    let found = nothing
    const end = Date.now() + this.limits.file * mostTogether
    for (const part of rules) {
      if (isLost(part, guilty)) continue
      if (this.isClosed) return unread([source])
      if (Date.now() > end) break
      const isAlone = rules.length === 1 // it was tried just now
      const answer = isAlone
        ? 'late'
        : await this.scanOnce([{ digest: source.digest, text: part.text }], file)
      if (answer === 'starved') return unread([source])
      if (typeof answer !== 'object') guilty.add(part.rule)
      else found = joined(found, onlyOf(answer, part.rule))
    }
    if (Date.now() > end || rules.length === 0) this.setAside(source, 'all its rules together', file, null)
    for (const rule of guilty) this.setAside(source, rule, file, rule)
    if (guilty.size > 0) await this.leaveOut(source, guilty)
    return found
  }

  private setAside({ digest }: Source, what: string, file: FileContent, rule: string | null): void {
    const limit = `${this.limits.file} ms of CPU time or the memory there is`
    const message = `${what}: more than ${limit} on ${file.externals.filename}`
    this.options.quarantine.add({ source: digest, rule, code: 'rule.too-slow', message })
    if (rule === null) this.sources = this.sources.filter((each) => each.digest !== digest)
  }

  private async scanOnce(sources: readonly Source[], file: FileContent): Promise<Found | Silence> {
    if ((await this.child.load(sources)) === undefined) return 'dead'
    const answer = await this.child.scan([file])
    const [first] = typeof answer === 'object' ? answer : []
    if (typeof answer !== 'object') return answer
    if (first === undefined) return unread(sources)
    if (first.guilty !== undefined) this.blamed = { ...first.guilty, fault: first.fault ?? '' }
    return foundBy(sources, first)
  }
}

const nothing: Found = { matches: [], unread: [] }

function foundBy(sources: readonly Source[], { matches, fault }: Scanned): Found {
  return fault === null ? { matches, unread: [] } : unread(sources)
}

function unread(sources: readonly Source[]): Found {
  return { matches: [], unread: sources.map(({ digest }) => digest) }
}

function joined(left: Found, right: Found): Found {
  return { matches: [...left.matches, ...right.matches], unread: [...left.unread, ...right.unread] }
}

/** A rule that came along because another names it has a turn of its own. */
function onlyOf({ matches, unread: texts }: Found, rule: string): Found {
  return { matches: matches.filter((match) => match.rule === rule), unread: texts }
}
