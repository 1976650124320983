import type { DatabaseSync } from 'node:sqlite'
import { globWildcards, hasForm } from '@tocsin/model'
import { filePath, rawOf } from '../scan/file-path.ts'
import { bytesOf, joined, numberOf } from './file-store.ts'
import type { HashKind, KnownFile } from './messages.ts'

type Row = Readonly<Record<string, unknown>>

const columns = `cast(folders.path as blob) as folder, cast(names.name as blob) as name,
  contents.size, contents.modified, contents.changed, contents.md5, contents.sha1, contents.sha256`
const places = 'join folders on folders.id = files.folder join names on names.id = files.name'
const longestGlob = 1_000
/** More of them find hardly fewer names. */
const mostPieces = 40

export interface Found {
  readonly files: readonly KnownFile[]
  readonly isCut: boolean
}

/** Finds files by what is known of them. */
export class LookUp {
  private readonly database: DatabaseSync
  private readonly byHash: Readonly<Record<HashKind, ReturnType<DatabaseSync['prepare']>>>
  private readonly byName: ReturnType<DatabaseSync['prepare']>

  constructor(database: DatabaseSync) {
    this.database = database
    const byHash = (kind: HashKind) =>
      database.prepare(`select ${columns} from contents join files on files.content = contents.id ${places}
        where contents.${kind} is not null and substr(contents.${kind}, 1, 8) = substr(?1, 1, 8)
        and contents.${kind} = ?1 limit ?2`)
    this.byHash = { md5: byHash('md5'), sha1: byHash('sha1'), sha256: byHash('sha256') }
    this.byName = database.prepare(`select ${columns} from files ${places}
      join contents on contents.id = files.content where files.name = ? limit ?`)
  }

  /** Files with this hash; none if it is no hash. */
  withHash(kind: HashKind, hash: string, limit: number): Found {
    const length = { md5: 32, sha1: 40, sha256: 64 }[kind]
    if (hash.length !== length || !/^[0-9a-f]+$/i.test(hash)) return { files: [], isCut: false }
    return foundOf(this.byHash[kind].all(Buffer.from(hash, 'hex'), limit + 1).map(fileOf), limit)
  }

  /** Files whose base name has the form: `*` any text, `?` one character; the case of ASCII letters does not count. */
  withName(glob: string, limit: number): Found {
    const files: KnownFile[] = []
    if (glob.length > longestGlob) return { files, isCut: false }
    const form = foldedAscii(glob)
    for (const { id, name } of this.names(form)) {
      if (files.length > limit) break
      if (!hasForm(foldedAscii(name), form, globWildcards)) continue
      for (const row of this.byName.iterate(id, limit + 1 - files.length)) files.push(fileOf(row))
    }
    return foundOf(files, limit)
  }

  /** Names that may have the form: found by how they begin or by pieces of their longest known text, else one by one. */
  private names(form: string): Iterable<{ readonly id: number; readonly name: string }> {
    const texts = form.split(/[*?]+/)
    const [start = ''] = texts
    if (texts.length === 1) return this.rows('name = ?1 collate nocase', [form])
    const longest = texts.reduce((one, other) => (other.length > one.length ? other : one), '')
    const pieces = piecesOf(longest)
    if (start !== '' && (start === longest || pieces.length === 0)) {
      const until = Buffer.concat([Buffer.from(start), highest])
      return this.rows('name collate nocase >= ?1 and name collate nocase < cast(?2 as text)', [start, until])
    }
    if (pieces.length > 0)
      return this.rows('id in (select rowid from pieces where pieces match ?1)', [pieces.join(' AND ')])
    const length = [...form.replaceAll('*', '')].length
    const operator = form.includes('*') ? '>=' : '='
    return this.rows(`name like ?1 escape '\\' and length(name) ${operator} ?2`, [
      `%${longest.replace(/[\\%_]/g, '\\$&')}%`,
      length,
    ])
  }

  private *rows(where: string, values: readonly (string | number | Uint8Array)[]) {
    const select = this.database.prepare(`select id, cast(name as blob) as name from names where ${where}`)
    for (const row of select.iterate(...values))
      yield { id: numberOf(row, 'id'), name: bytesOf(row.name).toString('utf8') }
  }
}

/** Quoted, as the index of pieces wants them. */
function piecesOf(text: string): readonly string[] {
  const letters = [...text]
  return letters.slice(2, mostPieces + 2).map(
    (_, at) =>
      `"${letters
        .slice(at, at + 3)
        .join('')
        .replaceAll('"', '""')}"`,
  )
}

/** After every name that begins with what stands before it. */
const highest = Buffer.alloc(16, 0xff)

function foundOf(files: readonly KnownFile[], limit: number): Found {
  return { files: files.slice(0, limit), isCut: files.length > limit }
}

function foldedAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

function fileOf(row: Row): KnownFile {
  const path = filePath(joined(bytesOf(row.folder), bytesOf(row.name)))
  const raw = rawOf(path)
  const hex = (kind: HashKind) => bytesOf(row[kind]).toString('hex')
  return {
    path: path.text,
    ...(raw === null ? {} : { raw }),
    size: numberOf(row, 'size'),
    modified: numberOf(row, 'modified'),
    changed: numberOf(row, 'changed'),
    hashes: row.md5 === null ? null : { md5: hex('md5'), sha1: hex('sha1'), sha256: hex('sha256') },
  }
}
