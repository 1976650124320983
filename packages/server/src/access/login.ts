import { recordAs } from '../audit/index.ts'
import type { Context } from '../context.ts'
import { Failure } from '../http/failure.ts'
import { forgetPrincipals } from './authenticate.ts'
import { isPassword, newSecret, secretDigest } from './secrets.ts'
import { userByName } from './store.ts'
import { TryLimit } from './try-limit.ts'

const minute = 60_000_000
const day = 1_440 * minute

export interface Credentials {
  readonly username: string
  readonly password: string
  /** Some clients send one; there is only one directory, so it says nothing. */
  readonly domain?: string | undefined
  /** Where the login came from. */
  readonly address?: string | undefined
}

/**
 * A new session for a user: longer than 70 characters, as an old client waits for that. Wrong names and wrong
 * passwords take the same time and say the same.
 */
export async function login(
  context: Context,
  { username, password, address = '' }: Credentials,
): Promise<string> {
  const giveBack = takeTry(context, username, address)
  const user = await userByName(context.database, username)
  const isRight = await isPassword(password, user?.password)
  if (!isRight || user === undefined || user.disabled) {
    await recordAs(context.database, username.slice(0, 200), 'session.refused', username.slice(0, 200), {
      address,
    })
    throw new Failure('access.wrong-login')
  }
  giveBack()
  const session = `1-${user.id}-${newSecret()}${newSecret()}`
  await context.database.transaction(async (within) => {
    await within.query('delete from sessions where expires_at < $1', [context.now()])
    await within.query(
      'insert into sessions (digest, user_id, created_at, used_at, expires_at) values ($1, $2, $3, $3, $4)',
      [secretDigest(session), user.id, context.now(), context.now() + day],
    )
    await recordAs(within, user.name, 'session.login', user.id, { address })
  })
  return session
}

/** Ends the session; an API token is not ended by this, it is revoked. */
export async function logout(context: Context, session: string, name: string): Promise<void> {
  await context.database.transaction(async (within) => {
    await within.query('delete from sessions where digest = $1', [secretDigest(session)])
    await recordAs(within, name, 'session.logout', name)
  })
  forgetPrincipals(context)
}

interface Limits {
  readonly nameAtAddress: TryLimit
  readonly address: TryLimit
  readonly name: TryLimit
}

const limits = new WeakMap<Context, Limits>()

/** Failed logins a minute: few for one name from one address, so that nobody can lock out a user from elsewhere. */
function limitsOf(context: Context): Limits {
  const known = limits.get(context) ?? {
    nameAtAddress: new TryLimit(10, minute),
    address: new TryLimit(50, minute),
    name: new TryLimit(100, minute),
  }
  limits.set(context, known)
  return known
}

function takeTry(context: Context, username: string, address: string): () => void {
  const { nameAtAddress, address: byAddress, name: byName } = limitsOf(context)
  const name = username.toLowerCase().slice(0, 200)
  const both = `${address} ${name}`
  const now = context.now()
  if (!nameAtAddress.take(both, now) || !byAddress.take(address, now) || !byName.take(name, now))
    throw new Failure('access.too-many-tries')
  return () => {
    nameAtAddress.giveBack(both)
    byAddress.giveBack(address)
    byName.giveBack(name)
  }
}
