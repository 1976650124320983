import { type Field, known, unknownField } from '@tocsin/model'
import { type Look, textOfFile } from './look.ts'

const largest = 16 << 20

/** Where modules of the running kernel lie, by name; a module that the list does not have came from elsewhere. */
export async function moduleFiles(look: Look): Promise<(name: string) => Field> {
  const release = await look.tree.readProc('sys/kernel/osrelease').catch(() => undefined)
  const folder = `/lib/modules/${release?.bytes.toString('latin1').trim() ?? ''}`
  const file = await look.optional(`${folder}/modules.dep`, largest)
  if (typeof file === 'string') {
    look.unknown('module.path', `${folder}/modules.dep is ${file}`)
    return () => unknownField
  }
  // line := path ':' the paths it needs
  const paths = new Map(
    textOfFile(file)
      .split('\n')
      .map((line) => line.slice(0, Math.max(0, line.indexOf(':'))))
      .map((path) => [nameIn(path), path.startsWith('/') ? path : `${folder}/${path}`]),
  )
  return (name) => {
    const path = paths.get(nameIn(name))
    return path === undefined ? unknownField : known(path)
  }
}

/** Dashes and underscores are the same in a module's name. */
function nameIn(path: string): string {
  return path
    .slice(path.lastIndexOf('/') + 1)
    .replace(/\.ko(?:\.\w+)?$/, '')
    .replaceAll('-', '_')
}
