import { storableText } from '@tocsin/model'
import { linesOf } from '../../scan/state/lines.ts'
import type { Answerer } from '../answerer.ts'
import { readable } from '../named-path.ts'

export const groups: Answerer = {
  sensor: 'Groups',
  async *rows(_, { tree, missed }) {
    const file = await readable(() => tree.read('/etc/group'))
    if (!file.isWhole) missed('/etc/group is too large')
    // line := name ':' password ':' gid ':' [ member { ',' member } ]
    for (const line of linesOf(storableText(file.bytes.toString('utf8')), /^[#+-]/)) {
      const [name = '', , id = '', members = ''] = line.split(':')
      if (name !== '' && /^\d+$/.test(id)) yield [name, Number(id), members === '' ? null : members]
    }
  },
}
