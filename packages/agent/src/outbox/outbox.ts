import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { BlindInterval, Digest, Finding } from '@tocsin/model'

const most = 10_000
/** An explanation larger than this is sent without its instances' facts. */
const largestFinding = 240_000
const perMinute = 60

export interface Outgoing {
  /** Grows with every change of the finding; what is accepted is removed only if nothing was added since. */
  readonly version: number
  readonly finding: Finding
  readonly throttled: number
}

/**
 * Findings on disk until the server has them. The same finding again is counted on the one that waits; beyond 60 a
 * minute of one program they are only counted, and the next one says so.
 */
export class Outbox {
  private readonly database: DatabaseSync
  private readonly onBlind: (interval: BlindInterval) => void
  private readonly known = new Map<Digest, number>()
  private readonly minutes = new Map<Digest, { readonly minute: number; count: number }>()
  private readonly uncounted = new Map<Digest, number>()

  constructor(stateDir: string, onBlind: (interval: BlindInterval) => void) {
    this.onBlind = onBlind
    this.database = new DatabaseSync(join(stateDir, 'outbox.db'))
    this.database.exec(`
      pragma journal_mode = wal;
      pragma synchronous = full;
      create table if not exists findings (id text primary key, version integer not null, finding text not null,
        throttled integer not null, accepted integer not null default 0);
      create table if not exists counts (id text primary key, count integer not null, seen_at integer not null);
    `)
  }

  /** Keeps a finding; durable when this returns. False if it was only counted. */
  add(finding: Finding): boolean {
    const now = finding.lastAt
    if (this.isFlood(finding.program, now)) {
      this.uncounted.set(finding.program, (this.uncounted.get(finding.program) ?? 0) + 1)
      return false
    }
    if (this.size() >= most) {
      this.onBlind({ from: now, to: now, object: 'host', count: 1, reason: 'overflow' })
      return false
    }
    const count = (this.countOf(finding.id) ?? 0) + 1
    const throttled = this.uncounted.get(finding.program) ?? 0
    this.uncounted.delete(finding.program)
    this.save({ ...finding, count }, throttled, now)
    return true
  }

  /** The oldest that are not accepted yet. */
  next(limit: number): readonly Outgoing[] {
    return this.database
      .prepare('select version, finding, throttled from findings order by rowid limit ?')
      .all(limit)
      .map((row) => ({
        version: Number(row.version),
        finding: JSON.parse(String(row.finding)) as Finding,
        throttled: Number(row.throttled),
      }))
  }

  /** The server has them in a transaction. */
  accept(sent: readonly Outgoing[]): void {
    const remove = this.database.prepare('delete from findings where id = ? and version = ?')
    for (const { finding, version } of sent) remove.run(finding.id, version)
  }

  size(): number {
    return Number(this.database.prepare('select count(*) as count from findings').get()?.count ?? 0)
  }

  close(): void {
    this.database.close()
  }

  private save(finding: Finding, throttled: number, now: number): void {
    let text = JSON.stringify(finding)
    if (text.length > largestFinding) text = JSON.stringify(slimmed(finding))
    this.database.exec('begin immediate')
    this.database
      .prepare(
        `insert into findings (id, version, finding, throttled) values (?, 1, ?, ?)
         on conflict (id) do update set version = version + 1, finding = excluded.finding, throttled = throttled + excluded.throttled`,
      )
      .run(finding.id, text, throttled)
    this.database
      .prepare(
        'insert into counts (id, count, seen_at) values (?, ?, ?) on conflict (id) do update set count = excluded.count, seen_at = excluded.seen_at',
      )
      .run(finding.id, finding.count, now)
    this.database.exec('commit')
    this.known.set(finding.id, finding.count)
  }

  private countOf(id: Digest): number | undefined {
    const known = this.known.get(id)
    if (known !== undefined) return known
    const row = this.database.prepare('select count from counts where id = ?').get(id)
    return row === undefined ? undefined : Number(row.count)
  }

  private isFlood(program: Digest, at: number): boolean {
    const minute = Math.floor(at / 60_000_000)
    const current = this.minutes.get(program)
    if (current === undefined || current.minute !== minute) {
      this.minutes.set(program, { minute, count: 1 })
      return false
    }
    current.count += 1
    return current.count > perMinute
  }
}

function slimmed(finding: Finding): Finding {
  const { explanation } = finding
  const read = new Set(explanation.witnesses.flatMap(({ property }) => property ?? []))
  const instances = explanation.instances.map((instance) => ({
    ...instance,
    fields: Object.fromEntries(Object.entries(instance.fields).filter(([property]) => read.has(property))),
  }))
  return { ...finding, chain: finding.chain.slice(0, 3), explanation: { ...explanation, instances } }
}
