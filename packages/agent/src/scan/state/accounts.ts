import { linesOf } from './lines.ts'
import type { Look } from './look.ts'

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

/** Homes that are somebody's own, each with one account; those of the system's services are folders of the system. */
export async function homesOf(look: Look): Promise<readonly Account[]> {
  const seen = new Set<string>(['', '/', '/bin', '/dev', '/sbin', '/usr/sbin', '/usr/bin', '/nonexistent'])
  return (await accountsOf(look)).filter(({ home }) => {
    if (!home.startsWith('/') || seen.has(home)) return false
    seen.add(home)
    return true
  })
}
