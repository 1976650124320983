import { absentField, known } from '@tocsin/model'
import { homesOf } from './accounts.ts'
import { textField } from './fields.ts'
import { linesOf } from './lines.ts'
import { type Look, textOfFile } from './look.ts'
import type { Persistent } from './persistent.ts'
import { byteString, textOf } from './tree.ts'
import { executableOf, pathsField } from './unit-commands.ts'

/** Programs that a desktop starts at login, for all and for each user. */
export async function autostarts(look: Look): Promise<readonly Persistent[]> {
  const found = await autostartsIn(look, '/etc/xdg/autostart', undefined)
  const own: Persistent[] = []
  for (const { name, home } of await homesOf(look))
    own.push(...(await autostartsIn(look, `${byteString(home)}/.config/autostart`, name)))
  return [...found, ...own]
}

async function autostartsIn(
  look: Look,
  folder: string,
  user: string | undefined,
): Promise<readonly Persistent[]> {
  const found: Persistent[] = []
  for (const { name, kind } of await look.allEntries(folder)) {
    if (kind === 'folder' || !name.endsWith('.desktop')) continue
    const path = `${folder}/${name}`
    const file = await look.file(path)
    if (file === undefined) continue
    const settings = desktopEntry(textOfFile(file))
    if (settings.get('Hidden') === 'true') continue
    const command = settings.get('Exec') ?? ''
    found.push({
      kind: 'autostart',
      key: textOf(path),
      name: known(settings.get('Name') ?? textOf(name)),
      file: known(textOf(path)),
      path: command === '' ? absentField : pathsField([executableOf(command)]),
      commandLine: textField(command),
      user: textField(user),
    })
  }
  return found
}

/** The main group of a .desktop file. */
function desktopEntry(text: string): ReadonlyMap<string, string> {
  const settings = new Map<string, string>()
  let isMain = false
  for (const line of linesOf(text, /^#/)) {
    if (line.startsWith('[')) isMain = line === '[Desktop Entry]'
    const [, name, value] = /^([A-Za-z0-9-]+)[ \t]*=[ \t]*(.*)$/.exec(line) ?? []
    if (isMain && name !== undefined && value !== undefined && !settings.has(name)) settings.set(name, value)
  }
  return settings
}
