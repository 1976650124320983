import { storableText } from '@tocsin/model'
import { type Answerer, Unanswerable } from '../answerer.ts'
import { openedPath, readable } from '../named-path.ts'

const most = 64 << 10

export const fileContents: Answerer = {
  sensor: 'File Contents',
  async *rows([path = ''], tools) {
    const real = await openedPath(path, tools)
    const { bytes, isWhole } = await readable(() => tools.tree.read(real, most))
    if (bytes.includes(0)) throw new Unanswerable('it is no text')
    if (!isWhole) tools.missed('the file is larger than 64 KiB')
    const lines = storableText(bytes.toString('utf8')).replace(/\n$/, '').split('\n')
    for (const [place, line] of lines.entries()) yield [place + 1, line]
  },
}
