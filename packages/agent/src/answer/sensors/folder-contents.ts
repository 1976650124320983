import { lstat } from 'node:fs/promises'
import { Names } from '../../recorder/linux/names.ts'
import { textOf } from '../../scan/state/tree.ts'
import type { Answerer } from '../answerer.ts'
import { kindOf, modeText } from '../file-row.ts'
import { openedPath, readable } from '../named-path.ts'

export const folderContents: Answerer = {
  sensor: 'Folder Contents',
  async *rows([path = ''], tools) {
    const folder = await openedPath(path, tools)
    const { entries, isWhole } = await readable(() => tools.tree.list(folder))
    if (!isWhole) tools.missed('the folder holds more')
    const names = new Names('/etc/passwd')
    for (const { name } of entries) {
      tools.abort.throwIfAborted()
      const status = await lstat(tools.tree.hostPath(`${folder === '/' ? '' : folder}/${name}`)).catch(
        () => undefined,
      )
      if (status === undefined) continue
      const modified = Math.floor(status.mtimeMs * 1_000)
      yield [textOf(name), kindOf(status), status.size, modified, names.of(status.uid), modeText(status)]
    }
  },
}
