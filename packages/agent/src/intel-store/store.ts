import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Digest } from '@tocsin/model'

export interface ActiveSet {
  readonly revision: number
  /** Digest of the manifest. */
  readonly digest: Digest
  readonly signature: string
}

/** What an endpoint keeps of intel: objects by digest and which set is active. Durable before it is acknowledged. */
export class IntelStore {
  private readonly database: DatabaseSync

  constructor(stateDir: string) {
    this.database = new DatabaseSync(join(stateDir, 'intel.db'))
    this.database.exec(`
      pragma journal_mode = wal;
      pragma synchronous = full;
      create table if not exists objects (digest text primary key, bytes blob not null);
      create table if not exists active (only integer primary key check (only = 1), revision integer not null,
        digest text not null, signature text not null);
      create table if not exists scanned (program text primary key);
    `)
  }

  active(): ActiveSet | undefined {
    const row = this.database.prepare('select revision, digest, signature from active').get()
    return row === undefined
      ? undefined
      : { revision: Number(row.revision), digest: String(row.digest), signature: String(row.signature) }
  }

  object(digest: Digest): Uint8Array | undefined {
    const row = this.database.prepare('select bytes from objects where digest = ?').get(digest)
    return row?.bytes instanceof Uint8Array ? row.bytes : undefined
  }

  has(digest: Digest): boolean {
    return this.database.prepare('select 1 from objects where digest = ?').get(digest) !== undefined
  }

  keep(digest: Digest, bytes: Uint8Array): void {
    this.database.prepare('insert or ignore into objects (digest, bytes) values (?, ?)').run(digest, bytes)
  }

  /** Makes a set the active one and forgets objects that it does not name. */
  activate(set: ActiveSet, named: ReadonlySet<Digest>): void {
    this.database.exec('begin immediate')
    try {
      this.database
        .prepare(
          `insert into active (only, revision, digest, signature) values (1, ?, ?, ?)
           on conflict (only) do update set revision = excluded.revision, digest = excluded.digest, signature = excluded.signature`,
        )
        .run(set.revision, set.digest, set.signature)
      const kept = this.database.prepare('select digest from objects').all()
      const forget = this.database.prepare('delete from objects where digest = ?')
      for (const { digest } of kept) if (!named.has(String(digest))) forget.run(String(digest))
      this.database.exec('commit')
    } catch (error) {
      this.database.exec('rollback')
      throw error
    }
  }

  /** Programs whose background scan is done. */
  scanned(): ReadonlySet<Digest> {
    return new Set(
      this.database
        .prepare('select program from scanned')
        .all()
        .map(({ program }) => String(program)),
    )
  }

  noteScanned(programs: readonly Digest[]): void {
    const note = this.database.prepare('insert or ignore into scanned (program) values (?)')
    for (const program of programs) note.run(program)
  }

  close(): void {
    this.database.close()
  }
}
