import { lstat } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { NotRead, type Reason, type Tree } from './tree.ts'

export type Row = Readonly<Record<string, unknown>>
export type Rows<Item> =
  /** Without `isWhole` there may be more. */
  | { readonly kind: 'rows'; readonly items: readonly Item[]; readonly isWhole: boolean }
  | { readonly kind: 'none'; readonly why: Reason }

export interface Table<Item> {
  readonly name: string
  readonly columns: readonly string[]
  /** What is kept of a row; nothing leaves it out. */
  readonly item: (row: Row) => Item | undefined
}

const largest = 1024 ** 3
const mostRows = 50_000

/** Rows of another program's SQLite database, which is left exactly as it is: no journal is made and none is replayed. */
export async function readRows<Item>(tree: Tree, path: string, table: Table<Item>): Promise<Rows<Item>> {
  try {
    const file = tree.hostPath(await tree.real(path))
    const status = await lstat(file)
    if (!status.isFile()) return { kind: 'none', why: 'special file' }
    if (status.size > largest) return { kind: 'none', why: 'too much to read' }
    const isSettled = !(await holdsAnything(Buffer.concat([file, Buffer.from('-wal')])))
    const { items, isCut } = rowsOf(file.toString('utf8'), table)
    return { kind: 'rows', items, isWhole: isSettled && !isCut }
  } catch (error) {
    return { kind: 'none', why: error instanceof NotRead ? error.reason : 'not read' }
  }
}

function rowsOf<Item>(file: string, { name, columns, item }: Table<Item>) {
  const url = pathToFileURL(file)
  url.search = '?mode=ro&immutable=1'
  const database = new DatabaseSync(url, { readOnly: true })
  try {
    database.exec('pragma trusted_schema = off')
    if (!isPlain(database, name)) throw new NotRead('not read')
    const items: Item[] = []
    let rows = 0
    for (const row of database.prepare(`select ${columns.join(', ')} from ${name}`).iterate()) {
      rows += 1
      if (rows > mostRows) return { items, isCut: true }
      const kept = item(row)
      if (kept !== undefined) items.push(kept)
    }
    return { items, isCut: false }
  } finally {
    database.close()
  }
}

/** A table whose columns are stored: a view or a column that is computed could compute without end. */
function isPlain(database: DatabaseSync, name: string): boolean {
  const found = database.prepare("select 1 from sqlite_schema where type = 'table' and name = ?").get(name)
  const computed = database.prepare('select 1 from pragma_table_xinfo(?) where hidden <> 0').get(name)
  return found !== undefined && computed === undefined
}

async function holdsAnything(path: Buffer): Promise<boolean> {
  return lstat(path).then(
    ({ size }) => size > 0,
    () => false,
  )
}
