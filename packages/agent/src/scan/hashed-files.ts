import type { BigIntStats } from 'node:fs'
import type { Fields } from '@tocsin/model'
import { identityOf } from '../inventory/identity.ts'
import type { HashedFile } from '../inventory/index.ts'
import type { FilePath } from './file-path.ts'

const together = 100
const longestMs = 1_000

/** Tells files that were hashed, many at once. */
export function hashedFiles(tell: (files: readonly HashedFile[]) => void) {
  let files: HashedFile[] = []
  let timer: NodeJS.Timeout | undefined
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    tell(files)
    files = []
  }
  return ({ bytes }: FilePath, status: BigIntStats, hashes: Fields): void => {
    const { 'file.md5': md5, 'file.sha1': sha1, 'file.sha256': sha256 } = hashes
    const [one, two, three] = [md5, sha1, sha256].map((field) => field?.values[0])
    if (typeof one !== 'string' || typeof two !== 'string' || typeof three !== 'string') return
    // A message takes all of the pool that a short Buffer is a part of.
    files.push({
      ...{ path: new Uint8Array(bytes), ...identityOf(status) },
      ...{ md5: one, sha1: two, sha256: three },
    })
    if (files.length >= together) flush()
    else timer ??= setTimeout(flush, longestMs).unref()
  }
}
