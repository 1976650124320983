import { AuditLog } from './audit/log.ts'
import { EsloggerLog, type Gap } from './eslogger/log.ts'
import { isRecord, type JsonRecord, textAt } from './json-record.ts'
import { flatRecord } from './shapes/flat.ts'
import { ownEvent, ownProcess } from './shapes/own.ts'
import { type Piece, Splitter } from './split.ts'
import type { Step } from './step.ts'
import { sysmonOfJson } from './sysmon/json.ts'
import { readSysmon } from './sysmon/read-sysmon.ts'
import type { OtherRecord, SysmonRecord } from './sysmon/record.ts'
import { sysmonOfXml } from './sysmon/xml.ts'
import { stepOfFacts, Teller } from './teller.ts'
import { textDecoderFor } from './text-of-bytes.ts'
import type { Told } from './told.ts'

/** A record that could not be read, with the line that it begins in. */
export interface UnreadRecord {
  readonly line: number
  readonly why: string
}

const mostShown = 20
const mostKinds = 1_000

/**
 * Reads what was recorded, in chunks as it comes, as steps for a matcher. What a record is, its own form tells; one file
 * may mix them. Never throws.
 */
export class TelemetryReader {
  private readonly source: string
  private readonly teller: Teller
  private readonly splitter = new Splitter()
  private readonly audit = new AuditLog()
  private readonly eslogger = new EsloggerLog()
  private readonly shown: UnreadRecord[] = []
  private decoder: TextDecoder | undefined
  private head = new Uint8Array(0)
  private line = 0
  private ofLine = 0
  /** Records that could not be read. */
  unreadCount = 0
  /** Records that were read and are nothing that conditions can read, by what they are. */
  readonly others = new Map<string, number>()

  /** Events are known by `source` and their line. A teller that was used before knows the processes of other files. */
  constructor(source: string, teller: Teller = new Teller()) {
    this.source = source
    this.teller = teller
  }

  /** The first records that could not be read. */
  get unread(): readonly UnreadRecord[] {
    return this.shown
  }

  push(bytes: Uint8Array): readonly Step[] {
    return this.stepsOf(this.splitter.push(this.decoded(bytes, false)))
  }

  /** What the end of the file completes. */
  end(): readonly Step[] {
    const rest = this.stepsOf(this.splitter.push(this.decoded(new Uint8Array(0), true)))
    const last = this.stepsOf(this.splitter.end())
    return [...rest, ...last, ...this.audit.end().flatMap((told) => this.tell(told))]
  }

  /** Events that were dropped before they were written, as far as the records themselves tell. */
  takeGaps(): readonly Gap[] {
    return this.eslogger.takeGaps()
  }

  /** The first bytes decide on the encoding. */
  private decoded(bytes: Uint8Array, isEnd: boolean): string {
    if (this.decoder === undefined) {
      const known = new Uint8Array(this.head.length + bytes.length)
      known.set(this.head)
      known.set(bytes, this.head.length)
      this.head = known
      if (known.length < 4 && !isEnd) return ''
      this.decoder = textDecoderFor(known)
      return this.decoder.decode(known, { stream: !isEnd })
    }
    return this.decoder.decode(bytes, { stream: !isEnd })
  }

  private stepsOf(pieces: readonly Piece[]): readonly Step[] {
    return pieces.flatMap((piece) => {
      if (piece.line !== this.line) this.ofLine = 0
      this.line = piece.line
      return this.read(piece)
    })
  }

  private read(piece: Piece): readonly Step[] {
    switch (piece.kind) {
      case 'fault':
        return this.refuse(piece.why)
      case 'json':
        return this.json(piece.text)
      case 'xml':
        return this.xml(piece.text)
      case 'line':
        return this.plain(piece.text)
    }
  }

  private json(text: string): readonly Step[] {
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch {
      return this.refuse('not JSON')
    }
    return isRecord(value) ? this.object(value) : this.refuse('no JSON object')
  }

  private object(record: JsonRecord): readonly Step[] {
    const event = ownEvent(record)
    if (event !== undefined) {
      const actor = this.teller.processes.lineageOf(event.actor)
      return [{ kind: 'event', event, actor, platform: undefined }]
    }
    const facts = ownProcess(record)
    if (facts !== undefined) return stepOfFacts(this.teller.processes, facts)
    const told = flatRecord(record)
    if (told !== undefined) return this.tell(told)
    const line = this.eslogger.push(record)
    if (line !== undefined) return 'told' in line ? this.tell(line.told) : this.counted(line.other)
    const inner = textAt(record, 'SyslogMessage') ?? textAt(record, 'message') ?? ''
    const sysmon = sysmonOfJson(record)
    if (sysmon !== undefined) return this.sysmon(sysmon)
    return inner.includes('<Event') ? this.plain(inner) : this.refuse('nothing tells what this object is')
  }

  private xml(text: string): readonly Step[] {
    const record = sysmonOfXml(text)
    return 'fault' in record ? this.refuse(record.fault) : this.sysmon(record)
  }

  /** A line of an audit log, or of a syslog that holds an event of Sysmon. */
  private plain(text: string): readonly Step[] {
    const begin = text.indexOf('<Event>')
    const end = text.lastIndexOf('</Event>')
    if (begin >= 0 && end > begin) return this.xml(text.slice(begin, end + '</Event>'.length))
    const line = this.audit.push(text)
    if (line === undefined) return this.refuse('nothing tells what this line is')
    if (line.other !== undefined) this.count(line.other)
    return line.told.flatMap((told) => this.tell(told))
  }

  private sysmon(record: SysmonRecord | OtherRecord): readonly Step[] {
    const told = 'other' in record ? record : readSysmon(record)
    return 'other' in told ? this.counted(told.other) : this.tell(told)
  }

  private tell(told: Told): readonly Step[] {
    this.ofLine += 1
    const id =
      this.ofLine === 1 ? `${this.source}:${this.line}` : `${this.source}:${this.line}.${this.ofLine}`
    return this.teller.tell(told, id)
  }

  private refuse(why: string): readonly Step[] {
    this.unreadCount += 1
    if (this.shown.length < mostShown) this.shown.push({ line: this.line, why })
    return []
  }

  private counted(other: string): readonly Step[] {
    this.count(other)
    return []
  }

  private count(other: string): void {
    const name = this.others.has(other) || this.others.size < mostKinds ? other : 'others'
    this.others.set(name, (this.others.get(name) ?? 0) + 1)
  }
}
