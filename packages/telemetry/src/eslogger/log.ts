import type { Micros } from '@tocsin/model'
import { isRecord, type JsonRecord } from '../json-record.ts'
import type { Told } from '../told.ts'
import { type ActingProcess, actorOf, type CommandLines, keyOf, timeAt } from './process.ts'
import { esloggerTable } from './table.ts'
import { whatHappened } from './what-happened.ts'

const rows = new Map(esloggerTable.map((row) => [row.name, row]))
const mostCommandLines = 100_000

/** Events that the system dropped between two that it told. */
export interface Gap {
  readonly from: Micros
  readonly to: Micros
  readonly count: number
}

/** What a line of eslogger brought. */
export type EsloggerLine = { readonly told: Told } | { readonly other: string }

/**
 * Reads what eslogger writes, one object a line. Only the exec tells a command line: it is remembered for the process and
 * for the children that it forks, which are what their parent is until they exec.
 */
export class EsloggerLog {
  private readonly commandLines: CommandLines = new Map()
  private lastNumber: number | undefined
  private lastAt: Micros = 0
  private gaps: Gap[] = []

  /** Nothing if the object is no event of Endpoint Security. */
  push(record: JsonRecord): EsloggerLine | undefined {
    const event = isRecord(record.event) ? record.event : undefined
    const process = record.process
    const [name] = event === undefined ? [] : Object.keys(event)
    if (event === undefined || name === undefined || !isRecord(process)) return undefined
    if (!isRecord(process.audit_token)) return undefined
    const at = timeAt(record.time)
    this.count(record.global_seq_num, at ?? this.lastAt)
    const details = isRecord(event[name]) ? event[name] : {}
    return this.read(name, { process, details, at })
  }

  /** What was dropped since the call before, as the numbers of the events tell it. */
  takeGaps(): readonly Gap[] {
    const { gaps } = this
    this.gaps = []
    return gaps
  }

  private read(name: string, acting: ActingProcess): EsloggerLine {
    const row = rows.get(name)
    if (name === 'fork') this.fork(acting)
    if (row === undefined) return { other: `eslogger ${name.slice(0, 40)}` }
    if ('why' in row) return { other: `eslogger ${row.name}: ${row.why}` }
    const happened = whatHappened(row, acting.details)
    if ('other' in happened) return { other: `eslogger ${row.name}: ${happened.other}` }
    const actor = actorOf(name, acting, this.commandLines)
    if (name === 'exit') this.commandLines.delete(actor.key ?? '')
    this.forgetOldest()
    return {
      told: {
        object: row.object,
        operation: row.operation,
        at: acting.at,
        host: '',
        platform: 'macos',
        fields: happened.fields,
        actor,
        ...(row.object === 'process' ? { change: name === 'exec' ? 'start' : 'exit' } : {}),
      },
    }
  }

  private fork({ process, details }: ActingProcess): void {
    const parent = this.commandLines.get(keyOf(process.audit_token) ?? '')
    const child = isRecord(details.child) ? keyOf(details.child.audit_token) : undefined
    if (parent !== undefined && child !== undefined) this.commandLines.set(child, parent)
  }

  /** The numbers of one client have no holes, and begin anew when eslogger does. */
  private count(number: unknown, at: Micros): void {
    if (typeof number !== 'number' || !Number.isSafeInteger(number)) return
    const missing = number - (this.lastNumber ?? number - 1) - 1
    if (missing > 0) this.gaps.push({ from: this.lastAt, to: at, count: missing })
    this.lastNumber = number
    this.lastAt = at
  }

  private forgetOldest(): void {
    const [oldest] = this.commandLines.size > mostCommandLines ? this.commandLines.keys() : []
    if (oldest !== undefined) this.commandLines.delete(oldest)
  }
}
