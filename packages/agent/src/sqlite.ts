import { renameSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

/** Opens a database whose commits survive a crash; one that is corrupt is set aside and begun anew. */
export function openDatabase(path: string, tables: string, onCorrupt: (aside: string) => void): DatabaseSync {
  try {
    return withTables(path, tables)
  } catch (error) {
    if (!isCorrupt(error)) throw error
    onCorrupt(setAside(path))
    return withTables(path, tables)
  }
}

/** Moves a database away that nothing has open; gives its new path. */
export function setAside(path: string): string {
  const aside = `${path}.corrupt-${Date.now()}`
  for (const end of ['', '-wal', '-shm']) rename(`${path}${end}`, `${aside}${end}`)
  return aside
}

function withTables(path: string, tables: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 5_000 })
  try {
    database.exec('pragma journal_mode = wal; pragma synchronous = full;')
    database.exec(tables)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** SQLITE_CORRUPT and SQLITE_NOTADB. */
export function isCorrupt(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (error.errcode === 11 || error.errcode === 26)
}

function rename(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch {
    // not every part is always there
  }
}

/** Runs statements as one transaction. */
export function inTransaction<Result>(database: DatabaseSync, work: () => Result): Result {
  database.exec('begin immediate')
  try {
    const result = work()
    database.exec('commit')
    return result
  } catch (error) {
    database.exec('rollback')
    throw error
  }
}
