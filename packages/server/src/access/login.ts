import type { Micros } from '@tocsin/model'
import { recordAs } from '../audit/index.ts'
import type { Context } from '../context.ts'
import { Failure } from '../http/failure.ts'
import { forgetPrincipals } from './authenticate.ts'
import { isPassword, newSecret, secretDigest } from './secrets.ts'
import { userByName } from './store.ts'

const second = 1_000_000
const day = 86_400 * second
/** Failed logins a name may have within a minute. */
const mostFailures = 10
const mostNames = 10_000

const failuresOf = new Map<string, { count: number; since: Micros }>()

export interface Credentials {
  readonly username: string
  readonly password: string
}

/**
 * A new session for a user: longer than 70 characters, as an old client waits for that. Wrong names and wrong
 * passwords take the same time and say the same.
 */
export async function login(context: Context, { username, password }: Credentials): Promise<string> {
  checkRate(username, context.now())
  const user = await userByName(context.database, username)
  const isRight = await isPassword(password, user?.password)
  if (!isRight || user === undefined || user.disabled) {
    countFailure(username, context.now())
    await recordAs(context.database, username.slice(0, 200), 'session.refused', username.slice(0, 200))
    throw new Failure('access.wrong-login')
  }
  const session = `1-${user.id}-${newSecret()}${newSecret()}`
  await context.database.transaction(async (within) => {
    await within.query('delete from sessions where expires_at < $1', [context.now()])
    await within.query(
      'insert into sessions (digest, user_id, created_at, used_at, expires_at) values ($1, $2, $3, $3, $4)',
      [secretDigest(session), user.id, context.now(), context.now() + day],
    )
    await recordAs(within, user.name, 'session.login', user.id)
  })
  return session
}

export async function logout(context: Context, session: string, name: string): Promise<void> {
  await context.database.transaction(async (within) => {
    await within.query('delete from sessions where digest = $1', [secretDigest(session)])
    await recordAs(within, name, 'session.logout', name)
  })
  forgetPrincipals(context)
}

function checkRate(name: string, now: Micros): void {
  const failed = failuresOf.get(name)
  if (failed === undefined) return
  if (now - failed.since > 60 * second) failuresOf.delete(name)
  else if (failed.count >= mostFailures) throw new Failure('access.too-many-tries')
}

function countFailure(name: string, now: Micros): void {
  if (failuresOf.size > mostNames) failuresOf.clear()
  const failed = failuresOf.get(name) ?? { count: 0, since: now }
  failed.count += 1
  failuresOf.set(name, failed)
}
