import type { Context } from '../context.ts'
import { hashPassword, newSecret } from './secrets.ts'
import { userByName } from './store.ts'
import { insertToken } from './tokens.ts'
import { insertUser } from './users.ts'

/** What the first start made up; what the environment gave is not said again. */
export interface FirstCredentials {
  readonly adminPassword?: string
  readonly apiToken?: string
}

const firstTokenDays = 90
const givenTokenDays = 3_650

/** Makes the administrator and a first API token where there is no user yet; a token from the environment always works. */
export async function bootstrap(
  context: Context,
  given: { readonly adminPassword: string | undefined; readonly apiToken: string | undefined },
): Promise<FirstCredentials> {
  const admin = await userByName(context.database, 'admin')
  if (admin !== undefined) {
    if (given.apiToken !== undefined) await acceptToken(context, given.apiToken, admin.id)
    return {}
  }
  const adminPassword = given.adminPassword ?? newSecret()
  const apiToken = given.apiToken ?? `token-${newSecret()}`
  const password = await hashPassword(adminPassword)
  await context.database.transaction(async (within) => {
    const grants = [{ role: 'administrator', groups: [] }] as const
    const userId = await insertUser(within, { name: 'admin', password, grants, now: context.now() })
    const days = given.apiToken === undefined ? firstTokenDays : givenTokenDays
    await insertToken(within, apiToken, {
      name: 'first start',
      scope: null,
      days,
      userId,
      now: context.now(),
    })
  })
  return {
    ...(given.adminPassword === undefined ? { adminPassword } : {}),
    ...(given.apiToken === undefined ? { apiToken } : {}),
  }
}

async function acceptToken(context: Context, token: string, userId: number): Promise<void> {
  await insertToken(context.database, token, {
    name: 'from the environment',
    scope: null,
    days: givenTokenDays,
    userId,
    now: context.now(),
  })
}
