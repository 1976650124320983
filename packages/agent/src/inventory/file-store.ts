import { chmodSync, closeSync, openSync, readdirSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { openDatabase } from '../sqlite.ts'
import { type Identity, isSame } from './identity.ts'
import { type Statements, statementsOf } from './statements.ts'
import { type InventoryLimits, tables, usualLimits } from './tables.ts'

const mostNamesKept = 20_000
/** A content that changes all the time is hashed again after so long and a share of its size, µs: 1 % of a core. */
const again = 5_000_000
const namesAtOnce = 20_000
/** Of its bytes: more files leave no room for the hashes of those that it has. */
const shareOfFiles = 0.8
const shareOfHashes = 0.95

/** The digests of one content. */
export interface Digests {
  readonly md5: Uint8Array
  readonly sha1: Uint8Array
  readonly sha256: Uint8Array
}

export interface Unhashed {
  readonly id: number
  readonly path: Buffer
}

interface Place {
  readonly folder: number
  readonly name: number
}

/** Which files there are, on the disk. What was written in one batch is there after a crash, or nothing of it. */
export class FileStore {
  readonly database: DatabaseSync
  /** Files that it knows. */
  files: number
  /** Share of its bytes that is taken. */
  private taken = 0
  private readonly limits: InventoryLimits
  private readonly statements: Statements
  private readonly names = new Map<string, number>()
  private isInBatch = false

  constructor(path: string, onCorrupt: (aside: string) => void, limits: InventoryLimits = usualLimits) {
    keepOneAside(path)
    this.limits = limits
    closeSync(openSync(path, 'a', 0o600)) // its log has the same rights
    this.database = openDatabase(path, tables, onCorrupt)
    chmodSync(path, 0o600)
    // What a crash of the machine takes away is found again.
    this.database.exec('pragma synchronous = normal; pragma cache_size = -8000; pragma temp_store = file')
    this.statements = statementsOf(this.database)
    this.files = numberOf(this.statements.countFiles.get(), 'count')
    this.measure()
  }

  /** A number kept under a name. */
  fact(name: string): number | undefined {
    const row = this.statements.fact.get(name)
    return row === undefined ? undefined : numberOf(row, 'value')
  }

  noteFact(name: string, value: number): void {
    this.statements.noteFact.run(name, value)
  }

  /** Several changes that are written together; ended by `settle`. */
  begin(): void {
    if (!this.isInBatch) this.database.exec('begin immediate')
    this.isInBatch = true
  }

  settle(): void {
    if (!this.isInBatch) return
    this.database.exec('commit')
    this.isInBatch = false
    this.measure()
  }

  /** It takes no more files. */
  get isFull(): boolean {
    return this.files >= this.limits.files || this.taken >= shareOfFiles
  }

  /** Bytes on the disk, but for what can be written over. */
  get bytes(): number {
    return Math.round(this.taken * this.limits.bytes)
  }

  /** The folder's number; it was met on this walk. */
  folder(path: Buffer, walk: number): number {
    return numberOf(this.statements.noteFolder.get(path, walk), 'id')
  }

  folderIf(path: Buffer): number | undefined {
    const row = this.statements.folder.get(path)
    return row === undefined ? undefined : numberOf(row, 'id')
  }

  /** A file is there with that content; gives the number of its name, or nothing where there is no room for it. */
  put(folder: number, name: Buffer, identity: Identity): number | undefined {
    const { fileOf, noteFile } = this.statements
    const place = { folder, name: this.nameOf(name) }
    const before = fileOf.get(place.folder, place.name)
    if (before === undefined && this.isFull) return undefined
    const content = this.contentOf(identity)
    if (before === undefined) this.files += 1
    else if (numberOf(before, 'content') === content) return place.name
    noteFile.run(place.folder, place.name, content)
    if (before !== undefined) this.statements.dropContent.run(numberOf(before, 'content'))
    return place.name
  }

  /** A file is not there any more. */
  drop(folder: number, name: Buffer): void {
    this.dropPlace({ folder, name: this.nameOf(name) })
  }

  /** Of a folder only these names are left. */
  keepOnly(folder: number, names: ReadonlySet<number>): void {
    const gone = this.statements.namesIn
      .all(folder)
      .map((row) => numberOf(row, 'name'))
      .filter((name) => !names.has(name))
    for (const name of gone) this.dropPlace({ folder, name })
  }

  /** A folder is gone, with all beneath it. */
  dropFolders(path: Buffer): void {
    const own = this.folderIf(path)
    const beneath = this.statements.foldersBeneath.all(
      Buffer.concat([path, Buffer.from('/')]),
      Buffer.concat([path, Buffer.from('0')]),
    )
    for (const folder of [...(own === undefined ? [] : [own]), ...beneath.map((row) => numberOf(row, 'id'))])
      this.dropFolder(folder)
  }

  /** Drops some folders after this one that the walk did not meet; gives the last, or nothing if there are no more. */
  dropNotSeen(after: number, walk: number): number | undefined {
    const folders = this.statements.foldersNotSeen.all(after, walk).map((row) => numberOf(row, 'id'))
    for (const folder of folders) this.dropFolder(folder)
    return folders.at(-1)
  }

  /** Forgets some names after this one that no file has; gives where to go on, or nothing at the end. */
  dropNames(after: number): number | undefined {
    const last = Number(this.statements.lastName.get()?.id ?? 0)
    const until = after + namesAtOnce
    this.names.clear()
    for (const row of this.statements.dropNames.all(after + 1, until))
      this.statements.dropPieces.run(numberOf(row, 'id'))
    return until < last ? until : undefined
  }

  /** The content had this identity when it was hashed; a content that has changed since does not get the hashes. */
  noteHashes(identity: Identity, { md5, sha1, sha256 }: Digests, now: number): void {
    const { device, inode, size, modified, changed } = identity
    const due = now + again + Math.floor(size / 3)
    this.statements.noteHashes.run(md5, sha1, sha256, due, inode, device, size, modified, changed)
  }

  /** A content was tried to be hashed, and why it cannot be. */
  noteTried(content: number, flaw: string | null, now: number): void {
    this.statements.noteTried.run(flaw, now + again, content)
  }

  /** Contents that wait to be hashed: newest first, and those last that were hashed before they changed. */
  unhashed(now: number, changedBefore: number): readonly Unhashed[] {
    if (this.taken >= shareOfHashes) return []
    return this.statements.unhashed.all(now, changedBefore).flatMap((row) => {
      const id = numberOf(row, 'id')
      const path = this.pathOf(id)
      return path === undefined ? [] : [{ id, path }]
    })
  }

  countUnhashed(): number {
    return numberOf(this.statements.countUnhashed.get(), 'count')
  }

  /** Why contents are not hashed, counted. */
  flaws(): ReadonlyMap<string, number> {
    return new Map(this.statements.flaws.all().map((row) => [String(row.flaw), numberOf(row, 'count')]))
  }

  close(): void {
    this.settle()
    this.database.close()
  }

  private measure(): void {
    const { used } = this.database
      .prepare(`select (page_count - freelist_count) * page_size as used
        from pragma_page_count, pragma_freelist_count, pragma_page_size`)
      .get() ?? { used: 0 }
    this.taken = Number(used) / this.limits.bytes
  }

  private pathOf(content: number): Buffer | undefined {
    const row = this.statements.pathOf.get(content)
    if (row === undefined) return undefined
    return joined(bytesOf(row.folder), bytesOf(row.name))
  }

  private nameOf(name: Buffer): number {
    const key = name.toString('latin1')
    const kept = this.names.get(key)
    if (kept !== undefined) return kept
    const known = this.statements.name.get(name)
    const id = known === undefined ? this.newName(name) : numberOf(known, 'id')
    if (this.names.size >= mostNamesKept) this.names.clear()
    this.names.set(key, id)
    return id
  }

  private newName(name: Buffer): number {
    const id = numberOf(this.statements.noteName.get(name), 'id')
    this.statements.notePieces.run(id, name.toString('utf8'))
    return id
  }

  private contentOf(identity: Identity): number {
    const { device, inode, size, modified, changed } = identity
    const { content, noteContent, changeContent } = this.statements
    const row = content.get(inode, device)
    if (row === undefined) return numberOf(noteContent.get(inode, device, size, modified, changed), 'id')
    const id = numberOf(row, 'id')
    const known = {
      ...{ device, inode, size: numberOf(row, 'size') },
      ...{ modified: numberOf(row, 'modified'), changed: numberOf(row, 'changed') },
    }
    if (!isSame(known, identity)) changeContent.run(size, modified, changed, id)
    return id
  }

  private dropFolder(folder: number): void {
    for (const row of this.statements.namesIn.all(folder))
      this.dropPlace({ folder, name: numberOf(row, 'name') })
    this.statements.dropFolder.run(folder)
  }

  private dropPlace({ folder, name }: Place): void {
    const row = this.statements.dropFile.get(folder, name)
    if (row === undefined) return
    this.files -= 1
    this.statements.dropContent.run(numberOf(row, 'content'))
  }
}

export function joined(folder: Buffer, name: Buffer): Buffer {
  return folder.at(-1) === 0x2f ? Buffer.concat([folder, name]) : Buffer.concat([folder, slash, name])
}

const slash = Buffer.from('/')

export function numberOf(row: Readonly<Record<string, unknown>> | undefined, column: string): number {
  return Number(row?.[column])
}

export function bytesOf(value: unknown): Buffer {
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.length) : Buffer.of()
}

/** One that was set aside is of use to whoever looks for the reason; more only fill the disk. */
function keepOneAside(path: string): void {
  const prefix = `${basename(path)}.corrupt-`
  const aside = readdirSync(dirname(path))
    .filter((name) => name.startsWith(prefix))
    .sort()
  const [last] = aside.slice(-1)
  const stamp = last?.slice(prefix.length).replace(/-(?:wal|shm)$/, '')
  for (const name of aside)
    if (!name.startsWith(`${prefix}${stamp}`)) rmSync(join(dirname(path), name), { force: true })
}
