import type { EngineName } from '../engines.ts'
import { type Area, giveBack, takeArea } from './area.ts'
import { ContentChild, type Silence } from './child-process.ts'
import type { ContentLimits, FileContent, Source } from './content.ts'
import type { FromChild, Placed, RuleText, Scanned, ToChild } from './messages.ts'

export interface HeldChildOptions {
  readonly engine: EngineName
  readonly limits: ContentLimits
  /** A text that does not compile, with what the child said to it. */
  readonly onRefused: (source: Source, answer: FromChild | Silence) => void
}

/** The content child with what it holds: compiled texts and files. Where it has died, the next call starts another. */
export class HeldChild {
  private readonly options: HeldChildOptions
  private child: ContentChild | undefined
  private area: Area | undefined
  private loaded: readonly Source[] | undefined
  private files: readonly FileContent[] = []
  private placed: readonly Placed[] = []
  private isClosed = false

  constructor(options: HeldChildOptions) {
    this.options = options
  }

  get uid(): number | undefined {
    return this.child?.uid
  }

  /** Bytes of files that it takes at once; none: one file at a time. */
  get room(): number {
    return this.area?.length ?? 0
  }

  holds(sources: readonly Source[]): boolean {
    return this.loaded === sources && this.child?.isDead === false
  }

  /** Starts it if it does not run; fails with the reason where it cannot be confined. */
  async running(): Promise<ContentChild> {
    if (this.isClosed) throw new Error('the scanner is closed')
    if (this.child !== undefined && !this.child.isDead) return this.child
    this.loaded = undefined
    this.forgetFiles()
    const { engine } = this.options
    if (engine === 'libyara') this.area ??= takeArea()
    this.child = await ContentChild.start(engine, this.area)
    return this.child
  }

  /** Makes it hold exactly these texts; gives those that compile, or nothing if they do not all together. */
  async load(sources: readonly Source[]): Promise<readonly Source[] | undefined> {
    if (this.holds(sources)) return sources
    this.loaded = undefined
    const { compile } = this.options.limits
    let good: readonly Source[] = []
    let child = await this.running()
    await child.tell({ kind: 'clear' })
    for (const source of sources) {
      const answer = await child.ask({ kind: 'add', ...source }, compile)
      if (isAnswer(answer, 'added') && answer.fault === null) good = [...good, source]
      else this.options.onRefused(source, answer)
      if (!child.isDead) continue
      child = await this.running()
      for (const each of good) await child.ask({ kind: 'add', ...each }, compile)
    }
    if (good.length === sources.length) good = sources
    const built = await child.ask({ kind: 'build' }, compile)
    if (!isAnswer(built, 'built') || built.fault !== null) return undefined
    this.loaded = good
    return good
  }

  /** Runs what is loaded on these files, in one turn; a file that could not be read makes it fail. */
  async scan(files: readonly FileContent[]): Promise<readonly Scanned[] | Silence> {
    const child = await this.running()
    if (files.length !== this.files.length || files.some((file, number) => file !== this.files[number])) {
      this.forgetFiles()
      this.placed = await this.place(child, files)
      this.files = files
    }
    const message: ToChild = { kind: 'scan', files: this.placed }
    const answer = await child.ask(message, this.options.limits.file)
    if (typeof answer !== 'object') return answer
    return answer.kind === 'scanned' && answer.files.length === files.length ? answer.files : 'dead'
  }

  /** The rules of a text, each with what it needs. */
  async cut({ text }: Source): Promise<readonly RuleText[]> {
    const answer = await (await this.running()).ask({ kind: 'cut', text }, this.options.limits.file)
    return isAnswer(answer, 'cut') ? answer.rules : []
  }

  forgetFiles(): void {
    this.files = []
  }

  kill(): void {
    this.child?.kill()
  }

  /** Call it when nothing is under way: what is read into the memory would meet its next owner there. */
  release(): void {
    this.isClosed = true
    this.kill()
    if (this.area !== undefined) giveBack(this.area)
    this.area = undefined
  }

  private async place(child: ContentChild, files: readonly FileContent[]): Promise<readonly Placed[]> {
    const [only] = files
    if (only !== undefined && files.length === 1 && only.size > this.room)
      return [await this.send(child, only)]
    const placed: Placed[] = []
    let at = 0
    for (const file of files) {
      const size = await this.put(file, at)
      placed.push({ from: 'area', at, size, ...asked(file) })
      at += file.size
    }
    return placed
  }

  /** Into the memory that the child reads. */
  private async put({ size, give }: FileContent, at: number): Promise<number> {
    const target = this.area?.bytes.subarray(at, at + size)
    let filled = 0
    await give(async (piece) => {
      filled += piece.length
    }, target)
    return filled
  }

  /** Piece by piece: through that memory, or through the pipe where there is none. */
  private async send(child: ContentChild, file: FileContent): Promise<Placed> {
    const { size, give } = file
    await child.tell({ kind: 'room', size })
    let at = 0
    await give(async (piece) => {
      const message = { kind: 'piece', at, size: piece.length } as const
      if (this.area === undefined) await child.tell({ ...message, bytes: piece })
      else await child.ask(message, this.options.limits.file)
      at += piece.length
    }, this.area?.bytes)
    return { from: 'room', at: 0, size: at, ...asked(file) }
  }
}

function asked({ externals, blocks }: FileContent): Pick<Placed, 'externals' | 'blocks'> {
  return blocks === undefined ? { externals } : { externals, blocks }
}

export function isAnswer<Kind extends FromChild['kind']>(
  answer: FromChild | Silence,
  kind: Kind,
): answer is Extract<FromChild, { readonly kind: Kind }> {
  return typeof answer === 'object' && answer.kind === kind
}
