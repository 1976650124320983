import { absentField, known } from '@tocsin/model'
import { linesOf } from './lines.ts'
import type { Look } from './look.ts'
import { moduleFiles } from './module-files.ts'
import type { Persistent } from './persistent.ts'
import { textOf } from './tree.ts'
import { pathsField } from './unit-commands.ts'

const preloadFile = '/etc/ld.so.preload'

/** Libraries that every program loads. */
export async function preloads(look: Look): Promise<readonly Persistent[]> {
  const lines = linesOf(await look.text(preloadFile), /^#/)
  const listed = lines.flatMap((line) => line.split(/[ \t:]+/).filter((word) => word !== ''))
  const environment = linesOf(await look.text('/etc/environment'), /^#/).flatMap((line) => {
    const [, value] = /^(?:export[ \t]+)?LD_PRELOAD[ \t]*=[ \t]*["']?([^"']*)/.exec(line) ?? []
    return value?.split(/[ \t:]+/).filter((word) => word !== '') ?? []
  })
  return [
    ...listed.map((library) => preloadOf(library, preloadFile)),
    ...environment.map((library) => preloadOf(library, '/etc/environment')),
  ]
}

function preloadOf(library: string, file: string): Persistent {
  return {
    ...{ kind: 'preload', key: `${file}#${library}`, name: known(library), file: known(file) },
    ...{ path: pathsField([library]), commandLine: absentField, user: absentField },
  }
}

const moduleFolders: readonly string[] = [
  ...[
    '/etc/modules-load.d',
    '/run/modules-load.d',
    '/usr/local/lib/modules-load.d',
    '/usr/lib/modules-load.d',
  ],
  '/lib/modules-load.d',
]

/** Kernel modules that are loaded at each start because a file names them. */
export async function bootModules(look: Look): Promise<readonly Persistent[]> {
  const files = ['/etc/modules']
  const seen = new Set<string>()
  for (const folder of moduleFolders) {
    for (const { name } of await look.entries(folder)) {
      if (seen.has(name) || !name.endsWith('.conf')) continue // that of the first folder wins
      seen.add(name)
      files.push(`${folder}/${name}`)
    }
  }
  const fileOf = await moduleFiles(look)
  const found: Persistent[] = []
  for (const file of files) {
    for (const line of linesOf(await look.text(file))) {
      const [name = ''] = line.split(/[ \t]+/)
      found.push({
        ...{ kind: 'module', key: `${textOf(file)}#${name}`, name: known(name), file: known(textOf(file)) },
        ...{ path: fileOf(name), commandLine: absentField, user: absentField },
      })
    }
  }
  return found
}
