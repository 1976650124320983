import {
  type Field,
  type Fields,
  known,
  type Micros,
  type ProcessFacts,
  type ProcessKey,
} from '@tocsin/model'

/** What is asked of a process more often than its facts. */
export interface Origin {
  readonly parent: ProcessKey | null
  readonly container: Field
}

type Later = () => ProcessFacts

/** One process of the table. Its facts are put together when somebody asks: most forks run another image before that. */
export class TableEntry {
  readonly key: ProcessKey
  readonly pid: number
  /** Clock ticks since boot, or what else tells it from others of its pid. */
  readonly start: number | string
  origin: Origin
  endedAt: Micros | null = null
  /** An exec was noticed whose record has not come yet; µs of the notice. */
  pendingSince: Micros | null = null
  private told: ProcessFacts | Later

  constructor(
    { key, pid, start }: Pick<TableEntry, 'key' | 'pid' | 'start'>,
    origin: Origin,
    told: ProcessFacts | Later,
  ) {
    this.key = key
    this.pid = pid
    this.start = start
    this.origin = origin
    this.told = told
  }

  get facts(): ProcessFacts {
    if (typeof this.told === 'function') this.told = this.told()
    return this.told
  }

  /** It runs another image. */
  runs(fields: Fields, startedAt: Micros, origin: Origin): void {
    const { key, endedAt } = this
    this.origin = origin
    this.pendingSince = null
    this.told = { key, parent: origin.parent, fields, startedAt, endedAt }
  }

  learns(fields: Fields): void {
    const { facts } = this
    this.told = { ...facts, fields: { ...facts.fields, ...fields } }
  }

  ends(code: number, endedAt: Micros): void {
    const before = this.told
    this.endedAt = endedAt
    this.told = () => {
      const facts = typeof before === 'function' ? before() : before
      return { ...facts, fields: { ...facts.fields, 'process.exit_code': known(code) }, endedAt }
    }
  }
}
