import { kept } from './block-texts.ts'
import type { Strings } from './strings.ts'
import { folded, hashOf } from './text-hash.ts'

/** Blocks of a segment that postings can tell apart. */
export const mostBlocks = 65_536
/** When the sealer knows so many texts it forgets them; a text that comes again then has a second number. */
const mostKnown = 100_000

/** The texts of a segment that is sealed, and in which blocks each text and number is a value. */
export class IndexedStrings implements Strings {
  /** Block that is written now. */
  block = 0
  /** Texts since the last that was taken. */
  texts: string[] = []
  private taken = 0
  private ids = new Map<string, number>()
  private first = 0
  private readonly hashes: number[] = []
  private readonly lastBlock: number[] = []
  private readonly numbers = new Map<number, number>()
  private pairs = new Float64Array(1 << 16)
  private count = 0

  idOf(text: string): number {
    const known = this.ids.get(text)
    const id = known ?? this.added(text)
    const slot = id - this.first
    if (this.lastBlock[slot] !== this.block) {
      this.lastBlock[slot] = this.block
      this.post(this.hashes[slot] ?? 0)
    }
    return id
  }

  sawNumber(value: number): void {
    if (this.numbers.get(value) === this.block) return
    this.numbers.set(value, this.block)
    this.post(hashOf(String(value)))
  }

  /** Between two blocks: what is known of texts may be let go. */
  nextBlock(): void {
    this.block += 1
    if (this.numbers.size > mostKnown) this.numbers.clear()
    if (this.ids.size < mostKnown) return
    this.first += this.hashes.length
    this.hashes.length = 0
    this.lastBlock.length = 0
    this.ids = new Map()
  }

  /** The next texts that are not kept yet, with the number of the first. */
  take(length: number): { readonly first: number; readonly texts: readonly string[] } {
    const texts = this.texts.splice(0, length)
    const first = this.taken
    this.taken += texts.length
    return { first, texts }
  }

  /** Ascending hash × 65,536 + block. */
  postings(): Float64Array {
    return this.pairs.subarray(0, this.count).sort()
  }

  private added(read: string): number {
    const text = kept(read)
    const id = this.first + this.hashes.length
    this.ids.set(text, id)
    this.texts.push(text)
    this.hashes.push(hashOf(folded(text)))
    this.lastBlock.push(-1)
    return id
  }

  private post(hash: number): void {
    if (this.count === this.pairs.length) {
      const larger = new Float64Array(this.pairs.length * 2)
      larger.set(this.pairs)
      this.pairs = larger
    }
    this.pairs[this.count] = hash * mostBlocks + this.block
    this.count += 1
  }
}
