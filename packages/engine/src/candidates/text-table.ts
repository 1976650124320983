/** Where in a value a literal has to stand. */
export type Position = 'whole' | 'start' | 'end' | 'anywhere'

interface Entry {
  readonly literal: string
  readonly position: Position
  /** Where in the literal the four characters stand that it is found by. */
  readonly offset: number
  readonly owners: number[]
}

const gram = 4
const mostBits = 18

/**
 * Finds which of many literals stand in a text, in one pass over the text: each literal is looked at only where four
 * of its characters were seen. Literals and texts come folded alike.
 */
export class TextTable {
  private readonly whole = new Map<string, number[]>()
  private readonly known = new Map<string, number[]>()
  private readonly short: Entry[] = []
  private readonly long: Entry[] = []
  private buckets: readonly (readonly Entry[] | undefined)[] = []
  private shift = 32

  add(literal: string, position: Position, owner: number): void {
    const key = `${position} ${literal}`
    const owners = position === 'whole' ? this.whole.get(literal) : this.known.get(key)
    if (owners !== undefined) {
      if (!owners.includes(owner)) owners.push(owner)
      return
    }
    const fresh = [owner]
    if (position === 'whole') this.whole.set(literal, fresh)
    else this.remember(key, { literal, position, offset: 0, owners: fresh })
  }

  /** Call it once, after the last literal. */
  build(): void {
    const bits = Math.min(mostBits, Math.max(8, Math.ceil(Math.log2(this.long.length * 8 + 1))))
    this.shift = 32 - bits
    const buckets: (Entry[] | undefined)[] = new Array(2 ** bits).fill(undefined)
    for (const entry of this.long) {
      const offset = this.rarest(entry.literal, buckets)
      const place = this.placeOf(entry.literal, offset)
      const bucket = buckets[place]
      if (bucket === undefined) buckets[place] = [{ ...entry, offset }]
      else bucket.push({ ...entry, offset })
    }
    this.buckets = buckets
  }

  /** Tells the owners of every literal that stands in the text, some more than once. */
  find(text: string, tell: (owner: number) => void): void {
    for (const owner of this.whole.get(text) ?? []) tell(owner)
    for (const entry of this.short) if (stands(entry, text)) entry.owners.forEach(tell)
    if (this.long.length === 0) return
    for (let at = 0; at + gram <= text.length; at += 1) {
      const bucket = this.buckets[this.placeOf(text, at)]
      if (bucket === undefined) continue
      for (const entry of bucket) if (standsAt(entry, text, at - entry.offset)) entry.owners.forEach(tell)
    }
  }

  private remember(key: string, entry: Entry): void {
    this.known.set(key, entry.owners)
    if (entry.literal.length < gram) this.short.push(entry)
    else this.long.push(entry)
  }

  /** The place in the literal that shares its bucket with the fewest: half of all paths end in the same four characters. */
  private rarest(literal: string, buckets: readonly (readonly Entry[] | undefined)[]): number {
    let best = 0
    let fewest = Number.POSITIVE_INFINITY
    for (let at = 0; at + gram <= literal.length && fewest > 0; at += 1) {
      const count = buckets[this.placeOf(literal, at)]?.length ?? 0
      if (count < fewest) [best, fewest] = [at, count]
    }
    return best
  }

  private placeOf(text: string, at: number): number {
    const low = text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16)
    const high = text.charCodeAt(at + 2) | (text.charCodeAt(at + 3) << 16)
    return Math.imul(Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b), 0xc2b2ae35) >>> this.shift
  }
}

function stands({ literal, position }: Entry, text: string): boolean {
  if (position === 'start') return text.startsWith(literal)
  return position === 'end' ? text.endsWith(literal) : text.includes(literal)
}

function standsAt({ literal, position }: Entry, text: string, at: number): boolean {
  if (at < 0 || (position === 'start' && at !== 0)) return false
  if (position === 'end' && at !== text.length - literal.length) return false
  return text.startsWith(literal, at)
}
