import { type BigIntStats, lstatSync } from 'node:fs'
import { type Skipped, skip, walk } from '../scan/walk.ts'
import type { FileStore } from './file-store.ts'
import { identityOf } from './identity.ts'

export interface SurveyOptions {
  readonly store: FileStore
  readonly roots: readonly string[]
  readonly exclude: readonly string[]
  /** The number of this walk over everything, or of the last one. */
  readonly walk: number
  /** Writes what is known by now, and lets others have their turn. */
  readonly turn: () => Promise<void>
}

interface Listed {
  readonly path: Buffer
  readonly id: number
  readonly names: Set<number>
}

const filesInTurn = 200

// Limit: while a folder with a million files is compared, its names take some 40 MB of memory.
/** Compares what is kept with what is there, folder by folder. */
export class Survey {
  /** Why something was not seen, counted. */
  readonly skipped: Skipped = new Map()
  isStopped = false
  /** It ended before its time: there is no room for more files. */
  isCut = false
  private readonly options: SurveyOptions
  private listed: Listed | undefined

  constructor(options: SurveyOptions) {
    this.options = options
  }

  /** Done at the end of the walk, or once it is stopped. */
  async run(): Promise<void> {
    const { roots, exclude, turn } = this.options
    let files = 0
    for await (const { bytes } of walk(roots, { exclude, skipped: this.skipped })) {
      this.see(bytes)
      files += 1
      if (files % filesInTurn === 0) await turn()
      if (this.isStopped || this.isCut) return
    }
    this.leave()
    await turn()
  }

  stop(): void {
    this.isStopped = true
  }

  /** A file was put by somebody else, who heard of it. */
  notePut(folder: number, name: number): void {
    if (this.listed?.id === folder) this.listed.names.add(name)
  }

  private see(path: Buffer): void {
    const { store } = this.options
    const { folder, name } = placeOf(path)
    store.begin()
    if (this.listed === undefined || !this.listed.path.equals(folder)) this.enter(folder)
    const status = statusOf(path)
    if (this.listed === undefined || !status?.isFile()) return
    const id = store.put(this.listed.id, name, identityOf(status))
    if (id !== undefined) this.listed.names.add(id)
    else skip(this.skipped, 'the inventory is full')
    this.isCut = id === undefined
  }

  private enter(folder: Buffer): void {
    this.leave()
    const { store, walk: number } = this.options
    this.listed = { path: Buffer.from(folder), id: store.folder(folder, number), names: new Set() }
  }

  private leave(): void {
    const { listed } = this
    this.listed = undefined
    if (listed === undefined) return
    this.options.store.begin()
    this.options.store.keepOnly(listed.id, listed.names)
  }
}

export function placeOf(path: Buffer): { readonly folder: Buffer; readonly name: Buffer } {
  const at = path.lastIndexOf(0x2f)
  return { folder: path.subarray(0, Math.max(at, 1)), name: path.subarray(at + 1) }
}

/** Of what lies at a path, links not followed; nothing where nothing is. */
export function statusOf(path: Buffer): BigIntStats | undefined {
  try {
    return lstatSync(path, { bigint: true, throwIfNoEntry: false })
  } catch {
    return undefined // a part of the path is no folder any more, or nobody may look
  }
}
