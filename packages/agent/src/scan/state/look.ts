import { storableText } from '@tocsin/model'
import { type Entry, type FileBytes, NotRead, type Reason, type Tree } from './tree.ts'

export interface LookOptions {
  readonly tree: Tree
  readonly abort: AbortSignal
  /** Objects may be there that were not seen. */
  readonly onMissed: (why: string) => void
  /** A property cannot be told here. */
  readonly onUnknown: (property: string, why: string) => void
}

/** These hold no entries, so that not reading them misses none. */
const empty: ReadonlySet<Reason> = new Set(['missing', 'special file', 'link loop'])

/** What a provider looks with: what it cannot read it reports, and goes on. */
export class Look {
  readonly tree: Tree
  private readonly options: LookOptions

  constructor(options: LookOptions) {
    this.tree = options.tree
    this.options = options
  }

  /** The text of a file of entries; empty where there is none. */
  async text(path: string, most?: number): Promise<string> {
    return textOfFile(await this.file(path, most))
  }

  /** A file of entries; nothing where there is none. */
  async file(path: string, most?: number): Promise<FileBytes | undefined> {
    const file = await this.attempt(() => this.tree.read(path, most))
    if (file?.isWhole === false) this.missed('too large')
    return file
  }

  /** A file whose facts only complete others: that it is not there or cannot be read is no loss of objects. */
  async optional(path: string, most?: number): Promise<FileBytes | Reason> {
    this.options.abort.throwIfAborted()
    try {
      return await this.tree.read(path, most)
    } catch (error) {
      return reasonOf(error)
    }
  }

  async proc(name: string, most?: number): Promise<FileBytes | undefined> {
    const file = await this.attempt(() => this.tree.readProc(name, most))
    if (file?.isWhole === false) this.missed('too large')
    return file
  }

  /** The entries of a folder by name; none where there is none. Most readers of such folders pass over hidden ones. */
  async entries(folder: string): Promise<readonly Entry[]> {
    return (await this.allEntries(folder)).filter(({ name }) => !name.startsWith('.'))
  }

  /** As `entries`, with the hidden ones. */
  async allEntries(folder: string): Promise<readonly Entry[]> {
    const list = await this.attempt(() => this.tree.list(folder))
    if (list?.isWhole === false) this.missed('too many entries')
    return list?.entries ?? []
  }

  /** Whether something is there. */
  async has(path: string): Promise<boolean> {
    return (await this.attempt(() => this.tree.real(path))) !== undefined
  }

  /** Whose file or folder it is, by uid. */
  async owner(path: string): Promise<number | undefined> {
    return this.attempt(() => this.tree.ownerOf(path))
  }

  missed(why: string): void {
    this.options.onMissed(why)
  }

  unknown(property: string, why: string): void {
    this.options.onUnknown(property, why)
  }

  private async attempt<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    this.options.abort.throwIfAborted()
    try {
      return await work()
    } catch (error) {
      const reason = reasonOf(error)
      if (!empty.has(reason)) this.missed(reason)
      return undefined
    }
  }
}

export function textOfFile(file: FileBytes | undefined): string {
  return file === undefined ? '' : storableText(file.bytes.toString('utf8'))
}

function reasonOf(error: unknown): Reason {
  if (error instanceof NotRead) return error.reason
  throw error
}
