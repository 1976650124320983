import type { FileHandle } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import type { Fields, YaraExternals } from '@tocsin/model'
import { fileTypeOf, headLength } from './file-type.ts'

export interface LookedAt {
  readonly path: string
  readonly facts: Fields
  readonly handle: FileHandle
  /** It was just written. */
  readonly isNew: boolean
}

/** What YARA rules can ask about the file around the bytes. */
export async function externalsOf({ path, facts, handle, isNew }: LookedAt): Promise<YaraExternals> {
  const head = Buffer.alloc(headLength)
  const { bytesRead } = await handle.read(head, 0, headLength, 0)
  return {
    filename: basename(path),
    filepath: path,
    extension: extname(path).toLowerCase(),
    filetype: fileTypeOf(head.subarray(0, bytesRead)),
    owner: String(facts['file.owner']?.values[0] ?? ''),
    new: isNew,
  }
}
