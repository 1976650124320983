import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import type { Digest } from '@tocsin/model'
import type { Quarantined } from '../scan/content/quarantine.ts'
import { inTransaction, openDatabase } from '../sqlite.ts'

export interface ActiveSet {
  readonly revision: number
  /** Digest of the manifest. */
  readonly digest: Digest
  readonly signature: string
}

const tables = `
  create table if not exists objects (digest text primary key, bytes blob not null);
  create table if not exists active (only integer primary key check (only = 1), revision integer not null,
    digest text not null, signature text not null);
  create table if not exists scanned_places (program text not null, place text not null, primary key (program, place));
  create table if not exists quarantined (source text not null, rule text, code text not null, message text not null);
`

/** What an endpoint keeps of intel: objects by digest and which set is active. Durable before it is acknowledged. */
export class IntelStore {
  private readonly database: DatabaseSync

  constructor(stateDir: string, onCorrupt: (aside: string) => void = () => undefined) {
    this.database = openDatabase(join(stateDir, 'intel.db'), tables, onCorrupt)
  }

  active(): ActiveSet | undefined {
    const row = this.database.prepare('select revision, digest, signature from active').get()
    return row === undefined
      ? undefined
      : { revision: Number(row.revision), digest: String(row.digest), signature: String(row.signature) }
  }

  /** The object, if its bytes still have its digest; one whose bytes have changed is forgotten, to be fetched again. */
  object(digest: Digest): Uint8Array | undefined {
    const row = this.database.prepare('select bytes from objects where digest = ?').get(digest)
    if (!(row?.bytes instanceof Uint8Array)) return undefined
    if (createHash('sha256').update(row.bytes).digest('hex') === digest) return row.bytes
    this.database.prepare('delete from objects where digest = ?').run(digest)
    return undefined
  }

  has(digest: Digest): boolean {
    return this.database.prepare('select 1 from objects where digest = ?').get(digest) !== undefined
  }

  keep(digest: Digest, bytes: Uint8Array): void {
    this.database.prepare('insert or ignore into objects (digest, bytes) values (?, ?)').run(digest, bytes)
  }

  /** Makes a set the active one and forgets all that it does not name. */
  activate(set: ActiveSet, named: ReadonlySet<Digest>): void {
    inTransaction(this.database, () => {
      this.database
        .prepare(
          `insert into active (only, revision, digest, signature) values (1, ?, ?, ?)
           on conflict (only) do update set revision = excluded.revision, digest = excluded.digest, signature = excluded.signature`,
        )
        .run(set.revision, set.digest, set.signature)
      this.forgetBut('objects', 'digest', named)
      this.forgetBut('scanned_places', 'program', named)
      this.forgetBut('quarantined', 'source', named)
    })
  }

  /** Programs whose background scan of a place is done. */
  scanned(place: string): ReadonlySet<Digest> {
    const rows = this.database.prepare('select program from scanned_places where place = ?').all(place)
    return new Set(rows.map(({ program }) => String(program)))
  }

  noteScanned(programs: readonly Digest[], place: string): void {
    inTransaction(this.database, () => {
      const note = this.database.prepare(
        'insert or ignore into scanned_places (program, place) values (?, ?)',
      )
      for (const program of programs) note.run(program, place)
    })
  }

  /** Rules that are set aside on this endpoint. */
  quarantined(): readonly Quarantined[] {
    const rows = this.database.prepare('select source, rule, code, message from quarantined').all()
    return rows.map(({ source, rule, code, message }) => ({
      source: String(source),
      rule: rule === null ? null : String(rule),
      code: code === 'rule.refused' ? 'rule.refused' : 'rule.too-slow',
      message: String(message),
    }))
  }

  noteQuarantined({ source, rule, code, message }: Quarantined): void {
    this.database.prepare('insert into quarantined values (?, ?, ?, ?)').run(source, rule, code, message)
  }

  close(): void {
    this.database.close()
  }

  private forgetBut(table: string, column: string, named: ReadonlySet<Digest>): void {
    const forget = this.database.prepare(`delete from ${table} where ${column} = ?`)
    for (const row of this.database.prepare(`select distinct ${column} as name from ${table}`).all()) {
      if (!named.has(String(row.name))) forget.run(String(row.name))
    }
  }
}
