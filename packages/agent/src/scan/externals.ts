import { readSync } from 'node:fs'
import { basename, extname } from 'node:path'
import type { Fields, YaraExternals } from '@tocsin/model'
import { fileTypeOf, headLength } from './file-type.ts'

export interface LookedAt {
  readonly path: string
  readonly facts: Fields
  readonly fd: number
  /** It was just written. */
  readonly isNew: boolean
}

const head = Buffer.alloc(headLength)

/** What YARA rules can ask about the file around the bytes. */
export function externalsOf({ path, facts, fd, isNew }: LookedAt): YaraExternals {
  const bytesRead = readSync(fd, head, 0, headLength, 0)
  return {
    filename: basename(path),
    filepath: path,
    extension: extname(path).toLowerCase(),
    filetype: fileTypeOf(head.subarray(0, bytesRead)),
    owner: String(facts['file.owner']?.values[0] ?? ''),
    new: isNew,
  }
}
