import { storableText } from '@tocsin/model'
import { answerLimits, type Row, type SensorUse, sensorNamed } from '@tocsin/questions'
import { platformHere } from '../platform-here.ts'
import { Redaction } from '../profile/redaction.ts'
import { StateReading } from '../scan/state/state-reading.ts'
import { type Answerer, type Tools, Unanswerable } from './answerer.ts'
import type { Facts } from './facts.ts'
import { answerers } from './sensors/all.ts'

/** What one sensor said. */
export interface Gathered {
  readonly rows: readonly Row[]
  /** Why there are none; or why there may be more. */
  readonly missing: string | null
}

export interface GatherOptions {
  readonly facts: Facts
  readonly abort: AbortSignal
  readonly closed: readonly string[]
  readonly millisPerSensor: number
}

/** More rows of one sensor are not read, whatever a filter would leave of them. */
const mostRows = 50_000
const mostBytes = 16 << 20
const byName = new Map(answerers.map((each) => [each.sensor, each]))

/** Reads each sensor of a question once, however often it is used in it. */
export class Gathering {
  private readonly options: GatherOptions
  private readonly known = new Map<string, Promise<Gathered>>()

  constructor(options: GatherOptions) {
    this.options = options
  }

  rowsOf(use: SensorUse): Promise<Gathered> {
    const key = JSON.stringify([use.sensor, use.parameters])
    const known = this.known.get(key)
    if (known !== undefined) return known
    const gathered = this.gather(use)
    this.known.set(key, gathered)
    return gathered
  }

  private async gather({ sensor, parameters }: SensorUse): Promise<Gathered> {
    const answerer = byName.get(sensor)
    const isHere = sensorNamed(sensor)?.platforms.includes(platformHere()) === true
    if (answerer === undefined || !isHere) return { rows: [], missing: 'not available on this platform' }
    const abort = AbortSignal.any([this.options.abort, AbortSignal.timeout(this.options.millisPerSensor)])
    const rows: Row[] = []
    try {
      const why = await this.read(answerer, parameters, { rows, abort })
      return { rows, missing: why }
    } catch (error) {
      return { rows, missing: abort.aborted ? 'it took too long' : reasonOf(error) }
    }
  }

  private async read(
    answerer: Answerer,
    parameters: readonly string[],
    { rows, abort }: { readonly rows: Row[]; readonly abort: AbortSignal },
  ): Promise<string | null> {
    let why: string | null = null
    const reading = new StateReading({ abort })
    const tools: Tools = {
      ...{
        facts: this.options.facts,
        closed: this.options.closed,
        reading,
        abort,
        tree: await reading.tree(),
      },
      missed: (reason) => {
        why = reason
      },
    }
    let bytes = 0
    const shown = await this.shownOf(answerer.sensor)
    const all = answerer.rows(parameters, tools)[Symbol.asyncIterator]()
    const aborted = new Promise<never>((_, reject) => {
      abort.addEventListener('abort', () => reject(new Error('aborted')), { once: true })
    })
    aborted.catch(() => undefined)
    for (;;) {
      // What hangs in a read is left to hang: the thread ends with it if need be.
      const next = await Promise.race([all.next(), aborted])
      if (next.done === true) return why
      const row = bounded(shown(next.value))
      bytes += JSON.stringify(row).length
      if (rows.length >= mostRows || bytes > mostBytes) return 'there is more than is read'
      rows.push(row)
    }
  }

  /** Of command lines, whichever sensor tells them, what the profile leaves: a filter sees no more than is told. */
  private async shownOf(sensor: string): Promise<(row: Row) => Row> {
    const isCommandLine = sensorNamed(sensor)?.columns.map(({ name }) => name === 'Command Line') ?? []
    if (!isCommandLine.includes(true)) return (row) => row
    const redaction = new Redaction()
    redaction.use(await this.options.facts.redacted())
    return (row) =>
      row.map((cell, column) =>
        isCommandLine[column] === true && typeof cell === 'string' ? redaction.text(cell) : cell,
      )
  }
}

/** What can be stored and told. */
function bounded(row: Row): Row {
  return row.map((cell) => {
    if (typeof cell === 'number') return Number.isFinite(cell) ? cell : null
    if (typeof cell !== 'string') return cell
    const text = storableText(cell)
    return text.length <= answerLimits.cell ? text : `${text.slice(0, answerLimits.cell - 1).toWellFormed()}…`
  })
}

function reasonOf(error: unknown): string {
  if (error instanceof Unanswerable) return error.message
  return `fault: ${error instanceof Error ? error.message : String(error)}`.slice(0, 200)
}
