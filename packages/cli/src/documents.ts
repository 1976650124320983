import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { type Reading, readIntel, sourceOf } from '@tocsin/intel'
import { filesUnder } from './files-under.ts'
import { harmless, tell } from './output.ts'
import { loadYaraValidator } from './yara.ts'

/** What stands for standard input where a file is named. */
export const standardInput = '-'

export interface ReadFile {
  readonly file: string
  readonly bytes: Uint8Array
  readonly reading: Reading
  /** The text that the diagnostics point into. */
  readonly source: string
}

/** Reads files, everything under folders, and standard input for `-`, each file once. */
export async function readDocuments(paths: readonly string[]): Promise<readonly ReadFile[]> {
  const named = paths.filter((path) => path !== standardInput)
  const isPiped = named.length < paths.length
  const files = new Set([...(isPiped ? [standardInput] : []), ...(await filesUnder(named))])
  const yara = await loadYaraValidator()
  return Promise.all(
    [...files].map(async (file) => {
      const bytes = file === standardInput ? await buffer(process.stdin) : await readFile(file)
      const hints = file === standardInput ? {} : { fileName: basename(file) }
      const reading = readIntel(bytes, hints, { yara })
      return { file, bytes, reading, source: sourceOf(reading, bytes) }
    }),
  )
}

/** Reads one document; nothing for a folder of any other number, which is told. */
export async function readDocument(path: string): Promise<ReadFile | undefined> {
  const [read, ...more] = await readDocuments([path])
  if (read !== undefined && more.length === 0) return read
  tell(`${harmless(path)} is a folder; name one document`)
  return undefined
}

/** A file as messages name it. */
export function shownAs(file: string): string {
  return file === standardInput ? 'standard input' : file
}
