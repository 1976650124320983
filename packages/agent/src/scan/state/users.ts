import { type Field, known, unknownField } from '@tocsin/model'
import { type Account, accountsOf } from './accounts.ts'
import { textField, textsField } from './fields.ts'
import { lastLogins } from './last-logins.ts'
import { linesOf } from './lines.ts'
import { type Look, textOfFile } from './look.ts'
import { observed, type StateProvider } from './provider.ts'

// Limit: users are those of /etc/passwd; accounts of a directory service (LDAP, SSSD, Active Directory) are not told.
// Limit: an account with a locked password counts as disabled, though a key may still let its owner in.
export const users: StateProvider = {
  object: 'user',
  sources: {
    'user.name': '/etc/passwd',
    'user.id': '/etc/passwd',
    'user.full_name': '/etc/passwd, the first part of the comment',
    'user.group': '/etc/group, the main group and those that name the account',
    'user.home': '/etc/passwd',
    'user.shell': '/etc/passwd',
    'user.disabled': '/etc/shadow: a locked password or an expired account; or a shell that lets nobody in',
    'user.last_login': '/var/lib/lastlog/lastlog2.db, else /var/log/lastlog',
  },
  async *read(look) {
    const accounts = await accountsOf(look)
    const groups = await groupsOf(look)
    const locks = await locksOf(look)
    const loginOf = await lastLogins(look)
    for (const account of accounts) {
      yield observed('user', account.name, {
        'user.name': known(account.name),
        'user.id': known(String(account.uid)),
        'user.full_name': textField(account.fullName),
        'user.group': groups(account),
        'user.home': textField(account.home),
        'user.shell': textField(account.shell),
        'user.disabled': disabled(account, locks),
        'user.last_login': loginOf(account),
      })
    }
  },
}

async function groupsOf(look: Look): Promise<(account: Account) => Field> {
  const file = await look.optional('/etc/group')
  if (typeof file === 'string') {
    look.unknown('user.group', `/etc/group is ${file}`)
    return () => unknownField
  }
  const names = new Map<number, string>()
  const byMember = new Map<string, string[]>()
  for (const line of linesOf(textOfFile(file), /^[#+-]/)) {
    const [name = '', , gid = '', members = ''] = line.split(':')
    if (!names.has(Number(gid))) names.set(Number(gid), name)
    for (const member of members.split(',')) {
      const groups = byMember.get(member)
      if (groups === undefined) byMember.set(member, [name])
      else groups.push(name)
    }
  }
  return ({ name, gid }) =>
    textsField([names.get(gid) ?? String(gid), ...(byMember.get(name) ?? [])], file.isWhole)
}

/** Of each account, whether its password is locked or it has expired; nothing if that cannot be read. */
type Locks = ReadonlyMap<string, boolean> | undefined

const dayMs = 86_400_000

async function locksOf(look: Look): Promise<Locks> {
  const file = await look.optional('/etc/shadow')
  if (file === 'missing') return new Map() // passwords are in /etc/passwd then
  if (typeof file === 'string') {
    look.unknown('user.disabled', `/etc/shadow is ${file}`)
    return undefined
  }
  const today = Math.floor(Date.now() / dayMs)
  return new Map(
    linesOf(textOfFile(file), /^[#+-]/).map((line) => {
      const [name = '', password = '', , , , , , expires = ''] = line.split(':')
      return [name, isLocked(password) || (expires !== '' && Number(expires) <= today)]
    }),
  )
}

function disabled({ name, password, shell }: Account, locks: Locks): Field {
  if (/\/(?:nologin|false)$/.test(shell)) return known(true)
  if (locks === undefined) return unknownField
  const isDisabled = locks.get(name) ?? (password === 'x' ? undefined : isLocked(password))
  return isDisabled === undefined ? unknownField : known(isDisabled)
}

function isLocked(password: string): boolean {
  return /^[!*]/.test(password)
}
