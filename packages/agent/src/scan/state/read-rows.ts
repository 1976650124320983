import { lstat } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { NotRead, type Reason, type Tree } from './tree.ts'

export type Row = Readonly<Record<string, unknown>>
export type Rows =
  /** Without `isWhole` there may be more. */
  | { readonly kind: 'rows'; readonly rows: readonly Row[]; readonly isWhole: boolean }
  | { readonly kind: 'none'; readonly why: Reason }

const largest = 1024 ** 3
const mostRows = 50_000

/** Rows of another program's SQLite database, which is left exactly as it is: no journal is made and none is replayed. */
export async function readRows(tree: Tree, path: string, query: string): Promise<Rows> {
  try {
    const file = tree.hostPath(await tree.real(path))
    const status = await lstat(file)
    if (!status.isFile()) return { kind: 'none', why: 'special file' }
    if (status.size > largest) return { kind: 'none', why: 'too much to read' }
    const isSettled = !(await isThere(Buffer.concat([file, Buffer.from('-wal')])))
    const { rows, isCut } = rowsOf(file.toString('utf8'), query)
    return { kind: 'rows', rows, isWhole: isSettled && !isCut }
  } catch (error) {
    return { kind: 'none', why: error instanceof NotRead ? error.reason : 'not read' }
  }
}

function rowsOf(file: string, query: string): { readonly rows: Row[]; readonly isCut: boolean } {
  const url = pathToFileURL(file)
  url.search = '?mode=ro&immutable=1'
  const database = new DatabaseSync(url, { readOnly: true })
  try {
    const rows: Row[] = []
    for (const row of database.prepare(query).iterate()) {
      if (rows.length >= mostRows) return { rows, isCut: true }
      rows.push(row)
    }
    return { rows, isCut: false }
  } finally {
    database.close()
  }
}

/** A journal that has something in it. */
async function isThere(path: Buffer): Promise<boolean> {
  return lstat(path).then(
    ({ size }) => size > 0,
    () => false,
  )
}
