import type { YaraExternals } from '@tocsin/model'
import { ContentChild, type Silence } from './child-process.ts'
import { isLost, withoutRules } from './cut-rules.ts'
import type { FromChild, RuleMatch, RuleText } from './messages.ts'
import type { Quarantine } from './quarantine.ts'

export interface Source {
  readonly digest: string
  readonly text: string
}

/** A file as the scanner takes it: its bytes are given piece by piece, again where the child had to be replaced. */
export interface FileContent {
  readonly size: number
  readonly externals: YaraExternals
  readonly give: (take: (piece: Uint8Array) => Promise<void>) => Promise<void>
}

export interface ContentLimits {
  /** CPU time for one file, ms. */
  readonly file: number
  /** CPU time to compile one text, or the set, ms. */
  readonly compile: number
}

const usual: ContentLimits = { file: 10_000, compile: 30_000 }
/** A text whose rules together take so many limits for one file is set aside, even if none does alone. */
const mostTogether = 12

export interface Found {
  readonly matches: readonly RuleMatch[]
  /** Texts that could not be held against this file. */
  readonly unread: readonly string[]
}

/** Runs YARA in a confined child under deadlines: a child that exceeds one is killed, and the guilty rule is set aside. */
export class ContentScanner {
  private readonly quarantine: Quarantine
  private readonly limits: ContentLimits
  private sources: readonly Source[]
  private child: ContentChild | undefined
  /** What the child has compiled, and the file that it holds. */
  private loaded: readonly Source[] | undefined
  private held: FileContent | undefined
  private queue: Promise<unknown> = Promise.resolve()
  private isClosed = false

  constructor(sources: readonly Source[], quarantine: Quarantine, limits: ContentLimits = usual) {
    this.sources = sources
    this.quarantine = quarantine
    this.limits = limits
  }

  /** uid of the child, once it runs. */
  get uid(): number | undefined {
    return this.child?.uid
  }

  /** Matches of every rule that is not set aside. */
  scan(file: FileContent): Promise<Found> {
    return this.inTurn(async () => {
      this.held = undefined
      await this.prepare()
      return this.sources.length === 0 ? nothing : this.scanWith(this.sources, file)
    })
  }

  /** Starts the child and compiles; fails with the reason where it cannot be confined. */
  start(): Promise<void> {
    return this.inTurn(() => this.prepare())
  }

  /** Gives the child's memory back once it has answered; the next file starts another. */
  rest(): void {
    void this.inTurn(async () => this.child?.kill())
  }

  close(): void {
    this.isClosed = true
    this.child?.kill()
  }

  private inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.queue.then(work)
    this.queue = turn.catch(() => undefined)
    return turn
  }

  /** Compiles each text once; those that are refused or late are set aside, then those that are known to be slow. */
  private async prepare(): Promise<void> {
    if (this.loaded === this.sources && this.child !== undefined && !this.child.isDead) return
    const usable: Source[] = []
    for (const source of this.sources) {
      const left = await this.withoutSlowRules(source)
      if (left !== undefined) usable.push(left)
    }
    this.sources = usable
    if (usable.length === 0) await this.running()
    else this.sources = (await this.load(usable)) ?? usable
  }

  private async withoutSlowRules(source: Source): Promise<Source | undefined> {
    const aside = this.quarantine.of(source.digest)
    if (aside.some(({ rule }) => rule === null)) return undefined
    const unwanted = new Set(aside.flatMap(({ rule }) => rule ?? []))
    if (unwanted.size === 0) return source
    const rules = await this.cut(source)
    const text = withoutRules(source.text, rules, unwanted)
    return text === '' ? undefined : { ...source, text }
  }

  /** Makes the child hold exactly these; gives those that compile, or nothing if they do not all together. */
  private async load(sources: readonly Source[]): Promise<readonly Source[] | undefined> {
    if (this.loaded === sources && this.child?.isDead === false) return sources
    this.loaded = undefined
    let good: readonly Source[] = []
    let child = await this.running()
    await child.tell({ kind: 'clear' })
    for (const source of sources) {
      const answer = await child.ask({ kind: 'add', ...source }, this.limits.compile)
      if (isAnswer(answer, 'added') && answer.fault === null) good = [...good, source]
      else this.refuse(source, answer)
      if (!child.isDead) continue
      child = await this.running()
      for (const each of good) await child.ask({ kind: 'add', ...each }, this.limits.compile)
    }
    if (good.length === sources.length) good = sources
    const built = await child.ask({ kind: 'build' }, this.limits.compile)
    if (!isAnswer(built, 'built') || built.fault !== null) return undefined
    this.loaded = good
    return good
  }

  private refuse({ digest }: Source, answer: FromChild | Silence): void {
    if (this.isClosed || answer === 'starved') return
    const message = isAnswer(answer, 'added')
      ? (answer.fault ?? '')
      : `it does not compile within ${this.limits.compile} ms of CPU time and the memory there is`
    const code = isAnswer(answer, 'added') ? 'rule.refused' : 'rule.too-slow'
    this.quarantine.add({ source: digest, rule: null, code, message })
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
    const rules = await this.cut(source)
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
    this.sources = this.sources.flatMap((each) => {
      if (each.digest !== source.digest) return [each]
      const text = withoutRules(each.text, rules, guilty)
      return text === '' ? [] : [{ ...each, text }]
    })
    return found
  }

  private setAside({ digest }: Source, what: string, file: FileContent, rule: string | null): void {
    const limit = `${this.limits.file} ms of CPU time or the memory there is`
    const message = `${what}: more than ${limit} on ${file.externals.filename}`
    this.quarantine.add({ source: digest, rule, code: 'rule.too-slow', message })
    if (rule === null) this.sources = this.sources.filter((each) => each.digest !== digest)
  }

  private async scanOnce(sources: readonly Source[], file: FileContent): Promise<Found | Silence> {
    const good = await this.load(sources)
    if (good === undefined) return 'dead'
    const child = await this.running()
    if (this.held !== file) {
      await child.tell({ kind: 'begin', size: file.size, externals: file.externals })
      await file.give((bytes) => child.tell({ kind: 'piece', bytes }))
      this.held = file
    }
    const answer = await child.ask({ kind: 'scan' }, this.limits.file)
    if (typeof answer !== 'object') return answer
    if (answer.kind !== 'scanned' || answer.fault !== null) return unread(sources)
    return { matches: answer.matches, unread: [] }
  }

  private async cut({ text }: Source): Promise<readonly RuleText[]> {
    const answer = await (await this.running()).ask({ kind: 'cut', text }, this.limits.file)
    return isAnswer(answer, 'cut') ? answer.rules : []
  }

  private async running(): Promise<ContentChild> {
    if (this.isClosed) throw new Error('the scanner is closed')
    if (this.child === undefined || this.child.isDead) {
      this.loaded = undefined
      this.held = undefined
      this.child = await ContentChild.start()
    }
    return this.child
  }
}

function isAnswer<Kind extends FromChild['kind']>(
  answer: FromChild | Silence,
  kind: Kind,
): answer is Extract<FromChild, { readonly kind: Kind }> {
  return typeof answer === 'object' && answer.kind === kind
}

const nothing: Found = { matches: [], unread: [] }

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
