import type { EventObject, Field, Fields, Micros, ProcessFacts } from '@tocsin/model'
import { readTexts } from './block-texts.ts'
import { ByteReader } from './bytes.ts'
import type { Entry } from './entry.ts'
import { tag, tags, what } from './write-block.ts'

type TextOf = (id: number) => string

/** A block opened: its columns are read at once, the bodies when they are asked for. */
export interface OpenBlock {
  readonly entries: number
  readonly at: readonly Micros[]
  readonly id: readonly number[]
  /** Zero: void, because it was told again. */
  readonly times: readonly number[]
  readonly lastAt: readonly Micros[]
  /** The object of an event, else nothing. */
  objectOf(index: number): string | undefined
  isProcess(index: number): boolean
  isCompletion(index: number): boolean
  isBlind(index: number): boolean
  actorOf(index: number): string
  /** Of an event, without decoding the rest. */
  operationOf(index: number): string
  /** Of what a process entry tells. */
  parentOf(index: number): string | null
  entryOf(index: number): Entry
  /** Its own texts; nothing if they are the segment's. */
  readonly texts: readonly string[] | undefined
}

/** `texts` is where the texts of the segment are; a block that stands alone has its own. */
export function openBlock(data: Uint8Array, texts?: TextOf): OpenBlock {
  const reader = new ByteReader(data)
  const entries = reader.count()
  const counts = () => Array.from({ length: entries }, () => reader.count())
  const [whats, actors] = [counts(), counts()]
  const [at, id] = [sums(reader, entries), sums(reader, entries)]
  const times = counts()
  const lastAt = at.map((first) => first + reader.difference())
  const lengths = counts()
  const body = reader.take(reader.count())
  const own = texts === undefined ? readTexts(reader) : []
  const textOf = texts ?? ((number: number) => ownText(own, number))
  let start = 0
  const starts = lengths.map((length) => {
    start += length
    return start - length
  })
  const bodyOf = (index: number) => {
    const bodyReader = new ByteReader(body)
    bodyReader.position = starts[index] ?? 0
    return bodyReader
  }
  const objectOf = (index: number) => {
    const kind = whats[index] ?? 0
    return kind < what.event ? undefined : textOf(kind - what.event)
  }
  const actorOf = (index: number) => textOf(actors[index] ?? 0)
  return {
    ...{ entries, at, id, times, lastAt, objectOf, actorOf },
    isProcess: (index) => whats[index] === what.process,
    isCompletion: (index) => whats[index] === what.completion,
    isBlind: (index) => whats[index] === what.blind,
    texts: texts === undefined ? own : undefined,
    parentOf: (index) => {
      const parent = bodyOf(index).count()
      return parent === 0 ? null : textOf(parent - 1)
    },
    operationOf: (index) => textOf(bodyOf(index).count()),
    entryOf: (index) => {
      const head = {
        ...{ kind: whats[index] ?? 0, object: objectOf(index), actor: actorOf(index) },
        ...{
          at: at[index] ?? 0,
          id: String(id[index]),
          times: times[index] ?? 0,
          lastAt: lastAt[index] ?? 0,
        },
      }
      return readEntry(head, bodyOf(index), textOf)
    },
  }
}

interface Head {
  readonly kind: number
  readonly object: string | undefined
  readonly actor: string
  readonly at: Micros
  readonly id: string
  readonly times: number
  readonly lastAt: Micros
}

function readEntry(head: Head, reader: ByteReader, textOf: TextOf): Entry {
  const { kind, at, actor, id, times, lastAt } = head
  switch (kind) {
    case what.process:
      return { kind: 'process', at, facts: readFacts(actor, reader, textOf) }
    case what.completion:
      return { kind: 'completion', at, completion: { of: actor, fields: readFields(reader, textOf) } }
    case what.blind: {
      const [from, to, count] = [reader.count(), reader.count(), reader.count()]
      const reason = textOf(reader.count()) as 'overflow'
      const object = actor as EventObject
      return {
        kind: 'blind',
        at,
        interval: { from, to, object, count: count === 0 ? null : count - 1, reason },
      }
    }
    default: {
      const operation = textOf(reader.count())
      const fields = readFields(reader, textOf)
      const event = { id, object: head.object as EventObject, operation, at, actor, fields }
      return { kind: 'event', at, event, times, lastAt, replaces: false }
    }
  }
}

function readFacts(key: string, reader: ByteReader, textOf: TextOf): ProcessFacts {
  const parent = reader.count()
  const [startedAt, endedAt] = [reader.count(), reader.count()]
  return {
    key,
    parent: parent === 0 ? null : textOf(parent - 1),
    startedAt,
    endedAt: endedAt === 0 ? null : endedAt,
    fields: readFields(reader, textOf),
  }
}

function readFields(reader: ByteReader, textOf: TextOf): Fields {
  const fields: Record<string, Field> = {}
  for (let left = reader.count(); left > 0; left -= 1) {
    const property = textOf(reader.count())
    const head = reader.count()
    const values: Field['values'][number][] = []
    for (let more = Math.floor(head / 2); more > 0; more -= 1) values.push(readValue(reader, textOf))
    fields[property] = { values, whole: head % 2 === 1 }
  }
  return fields
}

function readValue(reader: ByteReader, textOf: TextOf): Field['values'][number] {
  const head = reader.count()
  const number = Math.floor(head / tags)
  switch (head % tags) {
    case tag.text:
      return textOf(number)
    case tag.count:
      return number
    case tag.double:
      return reader.double()
    case tag.yes:
      return true
    case tag.no:
      return false
    case tag.bytes:
      return { bytes: textOf(number) }
    case tag.time:
      return { time: reader.double() }
    case tag.cut:
      return { cut: textOf(number) }
    default:
      return null
  }
}

function sums(reader: ByteReader, length: number): number[] {
  let before = 0
  return Array.from({ length }, () => {
    before += reader.difference()
    return before
  })
}

function ownText(texts: readonly string[], id: number): string {
  const text = texts[id]
  if (text === undefined) throw new RangeError('the block is damaged')
  return text
}
