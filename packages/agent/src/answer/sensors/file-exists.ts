import { lstat } from 'node:fs/promises'
import { codeOf } from '../../scan/open-file.ts'
import { type Answerer, Unanswerable } from '../answerer.ts'
import { kindOf } from '../file-row.ts'
import { linkedPath } from '../named-path.ts'

export const fileExists: Answerer = {
  sensor: 'File Exists',
  async *rows([path = ''], tools) {
    const kind = await linkedPath(path, tools).then(
      (real) => kindAt(tools.tree.hostPath(real)),
      (error: unknown) => {
        if (error instanceof Unanswerable && error.message === 'missing') return undefined
        throw error
      },
    )
    yield [path, kind !== undefined, kind ?? null]
  },
}

async function kindAt(path: Buffer): Promise<string | undefined> {
  try {
    return kindOf(await lstat(path))
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined
    throw new Unanswerable('unreadable')
  }
}
