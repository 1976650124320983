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
  /** The profile of the set that is applied. */
  readonly profile?: number | undefined
}

/** A scan that the server asked for and that has not ended. */
export interface ScanInHand {
  readonly scan: number
  readonly programs: readonly Digest[]
  /** How often it was begun. */
  readonly begun: number
  readonly isPaused: boolean
}

const tables = `
  create table if not exists objects (digest text primary key, bytes blob not null);
  create table if not exists active (only integer primary key check (only = 1), revision integer not null,
    digest text not null, signature text not null);
  create table if not exists applied_profile (only integer primary key check (only = 1), profile integer not null);
  drop table if exists scanned_places;
  create table if not exists scanned_at (program text not null, place text not null, at integer not null,
    primary key (program, place));
  create table if not exists scans_in_hand (scan integer primary key, programs text not null, begun integer not null,
    paused integer not null);
  create table if not exists quarantined (source text not null, rule text, code text not null, message text not null);
`

/** What an endpoint keeps of intel: objects by digest and which set is active. Durable before it is acknowledged. */
export class IntelStore {
  private readonly database: DatabaseSync

  constructor(stateDir: string, onCorrupt: (aside: string) => void = () => undefined) {
    this.database = openDatabase(join(stateDir, 'intel.db'), tables, onCorrupt)
  }

  active(): ActiveSet | undefined {
    const row = this.database
      .prepare(
        'select revision, digest, signature, profile from active left join applied_profile using (only)',
      )
      .get()
    if (row === undefined) return undefined
    const set = {
      revision: Number(row.revision),
      digest: String(row.digest),
      signature: String(row.signature),
    }
    return row.profile === null ? set : { ...set, profile: Number(row.profile) }
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
      this.database.exec('delete from applied_profile')
      if (set.profile !== undefined)
        this.database.prepare('insert into applied_profile (only, profile) values (1, ?)').run(set.profile)
      this.forgetBut('objects', 'digest', named)
      this.forgetBut('scanned_at', 'program', named)
      this.forgetBut('quarantined', 'source', named)
    })
  }

  /** Programs whose background scan of a place ended since then, µs. */
  scanned(place: string, since = 0): ReadonlySet<Digest> {
    const rows = this.database
      .prepare('select program from scanned_at where place = ? and at >= ?')
      .all(place, since)
    return new Set(rows.map(({ program }) => String(program)))
  }

  noteScanned(programs: readonly Digest[], place: string, at: number): void {
    inTransaction(this.database, () => {
      const note = this.database.prepare(
        `insert into scanned_at (program, place, at) values (?, ?, ?)
         on conflict (program, place) do update set at = excluded.at`,
      )
      for (const program of programs) note.run(program, place, at)
    })
  }

  scansInHand(): readonly ScanInHand[] {
    return this.database
      .prepare('select scan, programs, begun, paused from scans_in_hand order by scan')
      .all()
      .map((row) => ({
        scan: Number(row.scan),
        programs: String(row.programs).split(' ').filter(Boolean),
        begun: Number(row.begun),
        isPaused: row.paused === 1,
      }))
  }

  noteScan({ scan, programs, begun, isPaused }: ScanInHand): void {
    this.database
      .prepare('insert or replace into scans_in_hand (scan, programs, begun, paused) values (?, ?, ?, ?)')
      .run(scan, programs.join(' '), begun, isPaused ? 1 : 0)
  }

  forgetScan(scan: number): void {
    this.database.prepare('delete from scans_in_hand where scan = ?').run(scan)
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
