import { known } from '@tocsin/model'
import { textOfFile } from './look.ts'
import { moduleFiles } from './module-files.ts'
import { observed, type StateProvider } from './provider.ts'

// Limit: a module that hides itself from /proc/modules is not told.
export const modules: StateProvider = {
  object: 'module',
  sources: {
    'module.name': '/proc/modules',
    'module.path': '/lib/modules/RELEASE/modules.dep; unknown for a module that is not in it',
    'module.size': '/proc/modules',
  },
  async *read(look) {
    const list = await look.tree.readProc('modules').catch(() => undefined)
    if (list === undefined || !list.isWhole) {
      const why = '/proc/modules cannot be read: the kernel loads no modules, or does not tell here'
      for (const property of Object.keys(modules.sources)) look.unknown(property, why)
      look.missed('no /proc/modules')
    }
    const fileOf = await moduleFiles(look)
    // line := name size …
    for (const line of textOfFile(list).split('\n')) {
      const [name = '', size = ''] = line.split(' ')
      if (name === '' || !/^\d+$/.test(size)) continue
      yield observed('module', name, {
        'module.name': known(name),
        'module.path': fileOf(name),
        'module.size': known(Number(size)),
      })
    }
  },
}
