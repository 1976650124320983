import { linesOf } from './lines.ts'
import type { Look } from './look.ts'
import { textOf } from './tree.ts'

/** A line of /etc/passwd. */
export interface Account {
  readonly name: string
  readonly password: string
  readonly uid: number
  readonly gid: number
  readonly fullName: string
  readonly home: string
  readonly shell: string
}

/** The accounts of the machine's own files. */
export async function accountsOf(look: Look): Promise<readonly Account[]> {
  return linesOf(await look.text('/etc/passwd'), /^[#+-]/).flatMap((line) => {
    const [name = '', password = '', uid = '', gid = '', gecos = '', home = '', shell = ''] = line.split(':')
    if (name === '' || !/^\d+$/.test(uid)) return []
    const numbers = { uid: Number(uid), gid: Number(gid) }
    return [{ name, password, ...numbers, fullName: gecos.split(',')[0] ?? '', home, shell }]
  })
}

/**
 * Homes that are somebody's own, each with one account; those of the system's services are folders of the system. In
 * /home those of a directory service's accounts lie too, which are called by their folders here.
 */
export async function homesOf(look: Look): Promise<readonly Account[]> {
  const seen = new Set<string>(['', '/', '/bin', '/dev', '/sbin', '/usr/sbin', '/usr/bin', '/nonexistent'])
  const listed = (await accountsOf(look)).filter(({ home }) => {
    if (!home.startsWith('/') || seen.has(home)) return false
    seen.add(home)
    return true
  })
  const others: Account[] = []
  for (const { name: folder, kind } of await look.entries('/home')) {
    const name = textOf(folder)
    if (kind !== 'folder' || seen.has(`/home/${name}`)) continue
    const uid = await look.owner(`/home/${folder}`)
    if (uid === undefined) continue
    others.push({ name, password: '', uid, gid: uid, fullName: '', home: `/home/${name}`, shell: '' })
  }
  return [...listed, ...others]
}
