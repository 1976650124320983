import { absentField, known } from '@tocsin/model'
import { homesOf } from './accounts.ts'
import { textField } from './fields.ts'
import type { Look } from './look.ts'
import type { Persistent } from './persistent.ts'
import { byteString, nameOf, textOf } from './tree.ts'

const systemFiles: readonly string[] = [
  ...[
    '/etc/profile',
    '/etc/bash.bashrc',
    '/etc/bashrc',
    '/etc/environment',
    '/etc/csh.cshrc',
    '/etc/csh.login',
  ],
  ...['/etc/zshenv', '/etc/zprofile', '/etc/zshrc', '/etc/zlogin', '/etc/fish/config.fish'],
  ...['zshenv', 'zprofile', 'zshrc', 'zlogin'].map((name) => `/etc/zsh/${name}`),
]
const systemFolders: readonly string[] = ['/etc/profile.d', '/etc/fish/conf.d', '/etc/X11/Xsession.d']
const homeFiles: readonly string[] = [
  ...['.profile', '.bash_profile', '.bash_login', '.bashrc', '.bash_logout', '.cshrc', '.tcshrc', '.login'],
  ...['.zshenv', '.zprofile', '.zshrc', '.zlogin', '.zlogout', '.config/fish/config.fish'],
  ...['.xprofile', '.xinitrc', '.xsession', '.xsessionrc', '.pam_environment'],
]
const homeFolders: readonly string[] = ['.config/fish/conf.d', '.config/environment.d']

/** Files that shells and sessions read when they start; each is one entry, whatever it says. */
export async function profiles(look: Look): Promise<readonly Persistent[]> {
  const found = await profilesAt(look, { files: systemFiles, folders: systemFolders, user: undefined })
  const own: Persistent[] = []
  for (const { name, home } of await homesOf(look)) {
    const inHome = (path: string) => `${byteString(home)}/${path}`
    const places = { files: homeFiles.map(inHome), folders: homeFolders.map(inHome), user: name }
    own.push(...(await profilesAt(look, places)))
  }
  return [...found, ...own]
}

interface Places {
  readonly files: readonly string[]
  readonly folders: readonly string[]
  readonly user: string | undefined
}

async function profilesAt(look: Look, { files, folders, user }: Places): Promise<readonly Persistent[]> {
  const paths = [...files]
  for (const folder of folders)
    paths.push(...(await look.entries(folder)).map(({ name }) => `${folder}/${name}`))
  const found: Persistent[] = []
  for (const path of paths) {
    if (!(await look.has(path)) || (await look.optional(path, 0)) === 'special file') continue
    const text = known(textOf(path))
    found.push({
      ...{ kind: 'profile', key: textOf(path), name: known(textOf(nameOf(path))) },
      ...{ file: text, path: text, commandLine: absentField, user: textField(user) },
    })
  }
  return found
}
