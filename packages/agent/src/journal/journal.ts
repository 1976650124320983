import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type {
  BlindInterval,
  Completion,
  EventObject,
  Micros,
  ProcessFacts,
  ProcessKey,
  RecordedEvent,
} from '@tocsin/model'
import type { Log } from '../log.ts'

export interface JournalFilter {
  readonly object?: EventObject
  readonly actor?: ProcessKey
  readonly since?: Micros
  readonly limit: number
}

const batchMs = 500
const largestBatch = 2_000
const mostBytes = 256 << 20
const pageSize = 4_096

type Entry =
  | { readonly kind: 'event'; readonly event: RecordedEvent }
  | { readonly kind: 'process'; readonly facts: ProcessFacts }
  | { readonly kind: 'completion'; readonly completion: Completion }
  | { readonly kind: 'blind'; readonly interval: BlindInterval }

// Limit: the journal is one SQLite file of at most 256 MiB whose oldest events go first; it is written in batches of half a second.
/** What was recorded, on disk, for questions about the past. */
export class Journal {
  private readonly database: DatabaseSync
  private readonly statements = new Map<string, StatementSync>()
  private readonly timer: NodeJS.Timeout
  private readonly log: Log
  private waiting: Entry[] = []
  private dropped = 0

  constructor(stateDir: string, log: Log) {
    this.log = log
    this.database = opened(join(stateDir, 'journal.db'), log)
    this.timer = setInterval(() => this.flush(), batchMs)
  }

  event(event: RecordedEvent): void {
    this.add({ kind: 'event', event })
  }

  process(facts: ProcessFacts): void {
    this.add({ kind: 'process', facts })
  }

  completion(completion: Completion): void {
    this.add({ kind: 'completion', completion })
  }

  blind(interval: BlindInterval): void {
    this.add({ kind: 'blind', interval })
  }

  /** Events, newest first. */
  read({ object, actor, since, limit }: JournalFilter): readonly RecordedEvent[] {
    this.flush()
    return this.database
      .prepare(
        `select id, object, operation, at, actor, fields from events
         where (:object is null or object = :object) and (:actor is null or actor = :actor) and at >= :since
         order by at desc, id desc limit :limit`,
      )
      .all({ object: object ?? null, actor: actor ?? null, since: since ?? 0, limit })
      .map((row) => ({
        id: String(row.id),
        object: String(row.object) as EventObject,
        operation: String(row.operation),
        at: Number(row.at),
        actor: String(row.actor),
        fields: JSON.parse(String(row.fields)),
      }))
  }

  /** The oldest event of each kind that is still there. */
  reach(): ReadonlyMap<EventObject, Micros> {
    this.flush()
    const rows = this.database.prepare('select object, min(at) as at from events group by object').all()
    return new Map(rows.map((row) => [String(row.object) as EventObject, Number(row.at)]))
  }

  close(): void {
    clearInterval(this.timer)
    this.flush()
    this.database.close()
  }

  private add(entry: Entry): void {
    this.waiting.push(entry)
    if (this.waiting.length >= largestBatch) this.flush()
  }

  /** A full disk costs history, never the watch. */
  private flush(): void {
    if (this.waiting.length === 0) return
    const entries = this.waiting
    this.waiting = []
    try {
      this.database.exec('begin')
      for (const entry of entries) this.write(entry)
      this.trim()
      this.database.exec('commit')
      if (this.dropped > 0) this.log.warn('the journal is written again', { dropped: this.dropped })
      this.dropped = 0
    } catch (error) {
      if (this.database.isTransaction) this.database.exec('rollback')
      if (this.dropped === 0) this.log.warn('the journal cannot be written', { fault: String(error) })
      this.dropped += entries.length
    }
  }

  private write(entry: Entry): void {
    switch (entry.kind) {
      case 'event': {
        const { id, object, operation, at, actor, fields } = entry.event
        this.prepared(
          'insert or ignore into events (id, object, operation, at, actor, fields) values (?, ?, ?, ?, ?, ?)',
        ).run(Number(id), object, operation, at, actor, JSON.stringify(fields))
        return
      }
      case 'process': {
        const { key, parent, startedAt, fields } = entry.facts
        this.prepared(
          'insert or replace into processes (key, parent, started_at, fields) values (?, ?, ?, ?)',
        ).run(key, parent, startedAt, JSON.stringify(fields))
        return
      }
      case 'completion':
        this.prepared('update processes set fields = json_patch(fields, ?) where key = ?').run(
          JSON.stringify(entry.completion.fields),
          entry.completion.of,
        )
        return
      case 'blind': {
        const { from, to, object, count, reason } = entry.interval
        this.prepared('insert into blind values (?, ?, ?, ?, ?)').run(from, to, object, count, reason)
      }
    }
  }

  /** Prepared once: V8 does not see the memory of a statement, and would let thousands wait for the next collection. */
  private prepared(sql: string): StatementSync {
    const statement = this.statements.get(sql) ?? this.database.prepare(sql)
    this.statements.set(sql, statement)
    return statement
  }

  /** Makes room for a tenth when the file has reached its size. */
  private trim(): void {
    const used = this.prepared(
      'select page_count - freelist_count as pages from pragma_page_count, pragma_freelist_count',
    ).get()
    if (Number(used?.pages ?? 0) * pageSize < mostBytes) return
    this.database.exec(`
      delete from events where id <= (select id from events order by id limit 1 offset (select count(*) / 10 from events));
      delete from processes where started_at < (select min(at) from events) - 86400000000;
    `)
  }
}

/** A file that cannot be opened is set aside, not fatal. */
function opened(path: string, log: Log): DatabaseSync {
  try {
    return withTables(new DatabaseSync(path))
  } catch (error) {
    const aside = `${path}.corrupt-${Date.now()}`
    log.warn('the journal is corrupt and was set aside', { path: aside, fault: String(error) })
    renameSync(path, aside)
    return withTables(new DatabaseSync(path))
  }
}

function withTables(database: DatabaseSync): DatabaseSync {
  database.exec(`
    pragma journal_mode = wal;
    pragma synchronous = normal;
    create table if not exists events (id integer primary key, object text not null, operation text not null,
      at integer not null, actor text not null, fields text not null);
    create index if not exists events_actor on events (actor);
    create table if not exists processes (key text primary key, parent text, started_at integer not null, fields text not null);
    create table if not exists blind (began_at integer, ended_at integer, object text, count integer, reason text);
  `)
  return database
}
