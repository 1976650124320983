import type { Fields, Literal, Micros } from '@tocsin/model'
import { writeTexts } from './block-texts.ts'
import { ByteWriter } from './bytes.ts'
import type { BlindEntry, CompletionEntry, Entry, EventEntry, ProcessEntry } from './entry.ts'
import type { BlockStrings, Strings } from './strings.ts'

/** What a block says of itself beside its bytes; numbers of a table row. */
export interface Block {
  readonly firstAt: Micros
  readonly lastAt: Micros
  readonly entries: number
  /** Object → events of it; `process facts`, `completion` and `blind` are counted beside. */
  readonly counts: Readonly<Record<string, number>>
  /** Ids whose earlier entries, in this block or before, are void. */
  readonly replaces: readonly number[]
  readonly data: Uint8Array
}

/** What an entry is, as written; an event is this and the number of its object's text. */
export const what = { process: 0, completion: 1, blind: 2, event: 3 } as const
/** What follows the number of values of a field. */
export const tag = {
  text: 0,
  count: 1,
  double: 2,
  yes: 3,
  no: 4,
  nothing: 5,
  bytes: 6,
  time: 7,
  cut: 8,
} as const
export const tags = 9

/** Events that say the same within this time are one entry, µs. */
const together = 10_000_000
/** A process that starts or ends twice did so twice. */
const isRepeatable = (object: string) => object !== 'process' && object !== 'driver'

/**
 * One block of entries in the order in which they came: columns (what, actor, time, id, repeats, length), then the
 * bodies, then, if it stands alone, its texts.
 */
export class BlockWriter {
  private readonly strings: Strings
  private readonly body = new ByteWriter()
  private readonly whats: number[] = []
  private readonly actors: number[] = []
  private readonly ats: number[] = []
  private readonly ids: number[] = []
  private readonly times: number[] = []
  private readonly lastAts: number[] = []
  private readonly starts: number[] = []
  private readonly bySaying = new Map<number, number>()
  private readonly counted = new Map<string, number>()
  private replaces: number[] = []

  constructor(strings: Strings) {
    this.strings = strings
  }

  get entries(): number {
    return this.ats.length
  }

  get bytes(): number {
    return this.body.length + this.entries * 12
  }

  add(entry: Entry): void {
    switch (entry.kind) {
      case 'event':
        this.event(entry)
        break
      case 'process':
        this.process(entry)
        break
      case 'completion':
        this.completion(entry)
        break
      case 'blind':
        this.blind(entry)
        break
    }
  }

  /** Hands over what was added and begins anew. Texts go with it unless they are kept elsewhere. */
  finish(own?: BlockStrings): Block {
    const data = this.data(own)
    const block = {
      firstAt: this.ats.reduce((least, at) => Math.min(least, at), Number.POSITIVE_INFINITY),
      lastAt: this.ats.reduce((most, at) => Math.max(most, at), 0),
      entries: this.entries,
      counts: Object.fromEntries(this.counted),
      replaces: this.replaces,
      data,
    }
    for (const column of this.columns()) column.length = 0
    this.body.length = 0
    this.bySaying.clear()
    this.counted.clear()
    this.replaces = []
    own?.clear()
    return block
  }

  private event({ event, at, times, lastAt, replaces }: EventEntry): void {
    const id = Number(event.id)
    if (replaces) this.replace(id)
    const start = this.body.length
    const kind = what.event + this.strings.idOf(event.object)
    const actor = this.strings.idOf(event.actor)
    this.body.count(this.strings.idOf(event.operation))
    this.fields(event.fields)
    const saying = isRepeatable(event.object) && !replaces ? this.sayingSince(start, kind, actor) : null
    const before = saying === null ? undefined : this.bySaying.get(saying)
    if (before !== undefined && this.isRepeat(before, { start, kind, actor, at })) {
      this.body.length = start
      this.times[before] = (this.times[before] ?? 0) + times
      this.lastAts[before] = Math.max(this.lastAts[before] ?? 0, lastAt)
      return
    }
    if (saying !== null) this.bySaying.set(saying, this.entries)
    this.row(kind, actor, at, start)
    this.ids.push(id)
    this.times.push(times)
    this.lastAts.push(lastAt)
    this.count(event.object)
  }

  private process({ facts, at }: ProcessEntry): void {
    const start = this.body.length
    this.body.count(facts.parent === null ? 0 : this.strings.idOf(facts.parent) + 1)
    this.body.count(facts.startedAt)
    this.body.count(facts.endedAt ?? 0)
    this.fields(facts.fields)
    this.other(what.process, this.strings.idOf(facts.key), at, start)
    this.count('process facts')
  }

  private completion({ completion, at }: CompletionEntry): void {
    const start = this.body.length
    this.fields(completion.fields)
    this.other(what.completion, this.strings.idOf(completion.of), at, start)
    this.count('completion')
  }

  private blind({ interval, at }: BlindEntry): void {
    const start = this.body.length
    this.body.count(interval.from)
    this.body.count(interval.to)
    this.body.count(interval.count === null ? 0 : interval.count + 1)
    this.body.count(this.strings.idOf(interval.reason))
    this.other(what.blind, this.strings.idOf(interval.object), at, start)
    this.count('blind')
  }

  private other(kind: number, subject: number, at: Micros, start: number): void {
    this.row(kind, subject, at, start)
    this.ids.push(0)
    this.times.push(1)
    this.lastAts.push(at)
  }

  private row(kind: number, actor: number, at: Micros, start: number): void {
    this.whats.push(kind)
    this.actors.push(actor)
    this.ats.push(at)
    this.starts.push(start)
  }

  private count(object: string): void {
    this.counted.set(object, (this.counted.get(object) ?? 0) + 1)
  }

  private replace(id: number): void {
    this.replaces.push(id)
    const before = this.ids.lastIndexOf(id)
    if (before >= 0) this.times[before] = 0
  }

  private fields(fields: Fields): void {
    const { body, strings } = this
    let left = 0
    for (const _ in fields) left += 1
    body.count(left)
    for (const property in fields) {
      const field = fields[property]
      if (field === undefined) continue
      body.count(strings.idOf(property))
      body.count(field.values.length * 2 + (field.whole ? 1 : 0))
      for (const value of field.values) {
        if (typeof value === 'string') body.count(strings.idOf(value) * tags)
        else this.value(value)
      }
    }
  }

  private value(value: Exclude<Literal, string> | { readonly cut: string }): void {
    const { body, strings } = this
    if (typeof value === 'number') this.number(value)
    else if (typeof value === 'boolean') body.count(value ? tag.yes : tag.no)
    else if (value === null) body.count(tag.nothing)
    else if ('bytes' in value) body.count(strings.idOf(value.bytes) * tags + tag.bytes)
    else if ('cut' in value) body.count(strings.idOf(value.cut) * tags + tag.cut)
    else {
      body.count(tag.time)
      body.double(value.time)
    }
  }

  private number(value: number): void {
    this.strings.sawNumber(value)
    if (Number.isSafeInteger(value) && value >= 0 && value < 1e12) this.body.count(value * tags + tag.count)
    else {
      this.body.count(tag.double)
      this.body.double(value)
    }
  }

  /** A hash of what the entry says: all but its time and id. */
  private sayingSince(start: number, kind: number, actor: number): number {
    const { buffer, length } = this.body
    let hash = Math.imul(kind, 0x01000193) ^ actor
    for (let at = start; at < length; at += 1) hash = Math.imul(hash ^ (buffer[at] ?? 0), 0x01000193)
    return hash
  }

  private isRepeat(
    before: number,
    now: { readonly start: number; readonly kind: number; readonly actor: number; readonly at: Micros },
  ): boolean {
    const start = this.starts[before] ?? 0
    const length = this.body.length - now.start
    return (
      this.times[before] !== 0 &&
      this.whats[before] === now.kind &&
      this.actors[before] === now.actor &&
      Math.abs(now.at - (this.ats[before] ?? 0)) <= together &&
      (this.starts[before + 1] ?? now.start) - start === length &&
      this.body.buffer.compare(this.body.buffer, start, start + length, now.start, now.start + length) === 0
    )
  }

  private columns(): readonly number[][] {
    return [this.whats, this.actors, this.ats, this.ids, this.times, this.lastAts, this.starts]
  }

  private data(own?: BlockStrings): Uint8Array {
    const { whats, actors, ats, ids, times, lastAts, starts, body } = this
    const writer = new ByteWriter()
    writer.count(ats.length)
    for (const kind of whats) writer.count(kind)
    for (const actor of actors) writer.count(actor)
    differences(writer, ats)
    differences(writer, ids)
    for (const count of times) writer.count(count)
    lastAts.forEach((last, index) => void writer.difference(last - (ats[index] ?? 0)))
    starts.forEach((start, index) => void writer.count((starts[index + 1] ?? body.length) - start))
    writer.count(body.length)
    writer.append(body.written())
    if (own !== undefined) writeTexts(writer, own.texts)
    return Uint8Array.from(writer.written())
  }
}

function differences(writer: ByteWriter, values: readonly number[]): void {
  let before = 0
  for (const value of values) {
    writer.difference(value - before)
    before = value
  }
}
