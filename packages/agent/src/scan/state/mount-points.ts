import { known } from '@tocsin/model'
import { textField, textsField } from './fields.ts'
import { observed, type StateProvider } from './provider.ts'
import { textOf } from './tree.ts'

const largest = 8 << 20

export const mounts: StateProvider = {
  object: 'mount',
  sources: {
    'mount.path': '/proc/self/mountinfo, the mounts that the agent sees',
    'mount.device': '/proc/self/mountinfo, the source',
    'mount.type': '/proc/self/mountinfo',
    'mount.options': '/proc/self/mountinfo, those of the mount and those of the file system',
  },
  async *read(look) {
    const file = await look.proc('self/mountinfo', largest)
    if (file === undefined) look.missed('no mountinfo')
    for (const line of file?.bytes.toString('latin1').split('\n') ?? []) {
      // line := id parent device root path options … ' - ' type source options
      const [left = '', right = ''] = line.split(' - ', 2)
      const [, , , , point, own = ''] = left.split(' ')
      const [type = '', source = '', shared = ''] = right.split(' ')
      if (point === undefined) continue
      const [path, device] = [textOf(unescaped(point)), textOf(unescaped(source))]
      yield observed('mount', `${path} ${type} ${device}`, {
        'mount.path': known(path),
        'mount.device': textField(device === 'none' ? undefined : device),
        'mount.type': known(textOf(type)),
        'mount.options': textsField([...own.split(','), ...shared.split(',')].map(unescaped).map(textOf)),
      })
    }
  },
}

function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
}
