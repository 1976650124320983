import { openFile, reasonOf } from '../../scan/open-file.ts'
import { Reading } from '../../scan/reading.ts'
import { type Answerer, type Tools, Unanswerable } from '../answerer.ts'
import { cellsOf } from '../cells.ts'
import { openedPath } from '../named-path.ts'

const largest = 1024 ** 3

export const fileHash: Answerer = {
  sensor: 'File Hash',
  async *rows([path = ''], tools) {
    const handle = await opened(path, tools)
    try {
      const { size } = await handle.stat()
      if (size > largest) throw new Unanswerable('it is larger than 1 GiB')
      const reading = new Reading(handle.fd, size, new Set(['md5', 'sha1', 'sha256']))
      await reading.read(async () => tools.abort.throwIfAborted())
      yield [path, size, ...cellsOf(await reading.hashes(), ['file.md5', 'file.sha1', 'file.sha256'])]
    } finally {
      await handle.close()
    }
  },
}

/** A regular file; neither a pipe nor a device is waited for. */
async function opened(path: string, tools: Tools) {
  const real = await openedPath(path, tools)
  const handle = await openFile(tools.tree.hostPath(real)).catch((error: unknown) => {
    throw new Unanswerable(reasonOf(error))
  })
  if ((await handle.stat()).isFile()) return handle
  await handle.close()
  throw new Unanswerable('it is no regular file')
}
