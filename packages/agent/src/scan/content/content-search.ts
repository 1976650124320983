import type { Digest } from '@tocsin/model'
import type { EngineName } from '../engines.ts'
import type { ContentLimits, FileContent, Found, Source } from './content.ts'
import { ContentScanner } from './content-scanner.ts'
import type { Quarantine } from './quarantine.ts'

/** A text with the engines that may run it here, the preferred one first. */
export interface RoutedText extends Source {
  readonly digest: Digest
  readonly engines: readonly EngineName[]
}

export interface ContentSearchOptions {
  readonly quarantine: Quarantine
  readonly limits?: ContentLimits
}

/** Searches content for all texts: each is run by the first of its engines that takes it. */
export class ContentSearch {
  private readonly options: ContentSearchOptions
  private readonly scanners = new Map<EngineName, ContentScanner>()
  private readonly others = new Map<string, EngineName>()
  private isClosed = false

  constructor(texts: readonly RoutedText[], options: ContentSearchOptions) {
    this.options = options
    for (const engine of ['libyara', 'yara-x'] as const) {
      const own = texts.filter(({ engines }) => engines[0] === engine)
      if (own.length > 0) this.scanners.set(engine, this.newScanner(engine, own))
    }
    for (const { digest, engines } of texts) {
      const [, other] = engines
      if (other !== undefined) this.others.set(digest, other)
    }
  }

  /** Matches of every rule that is not set aside. */
  async scan(file: FileContent): Promise<Found> {
    const found: Found[] = []
    // What one engine refuses the next one has when its turn comes.
    for (const scanner of this.scanners.values()) found.push(await scanner.scan(file))
    return {
      matches: found.flatMap(({ matches }) => matches),
      unread: found.flatMap(({ unread }) => unread),
    }
  }

  /** Gives the children's memory back once they have answered; the next file starts others. */
  rest(): void {
    for (const scanner of this.scanners.values()) scanner.rest()
  }

  close(): void {
    this.isClosed = true
    for (const scanner of this.scanners.values()) scanner.close()
  }

  private newScanner(engine: EngineName, sources: readonly Source[]): ContentScanner {
    return new ContentScanner(sources, {
      ...this.options,
      engine,
      onRefused: (source) => this.handOver(source),
    })
  }

  /** Each engine has syntax of its own. */
  private handOver(source: Source): boolean {
    const other = this.others.get(source.digest)
    if (other === undefined || this.isClosed) return false
    this.others.delete(source.digest)
    const scanner = this.scanners.get(other)
    if (scanner === undefined) this.scanners.set(other, this.newScanner(other, [source]))
    else scanner.take(source)
    return true
  }
}
