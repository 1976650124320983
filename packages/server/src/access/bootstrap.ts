import type { Micros } from '@tocsin/model'
import { recordAs } from '../audit/index.ts'
import type { Context } from '../context.ts'
import type { Queryable } from '../storage/database.ts'
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
/** Servers that start at once make one administrator. */
const bootstrapLock = 7_402_313

/**
 * Makes the administrator and a first API token where there is no user yet. A token from the environment works from
 * then on, unless it was revoked; a password from the environment is only for the first start.
 */
export async function bootstrap(
  context: Context,
  given: { readonly adminPassword: string | undefined; readonly apiToken: string | undefined },
): Promise<FirstCredentials> {
  const adminPassword = given.adminPassword || newSecret()
  const apiToken = given.apiToken || `token-${newSecret()}`
  return context.database.transaction(async (within) => {
    await within.query('select pg_advisory_xact_lock($1)', [bootstrapLock])
    const admin = await userByName(within, 'admin')
    if (admin !== undefined) {
      if (given.apiToken) await acceptToken(within, given.apiToken, admin.id, context.now())
      return {}
    }
    await createAdministrator(within, {
      adminPassword,
      apiToken,
      isGiven: !!given.apiToken,
      now: context.now(),
    })
    return {
      ...(given.adminPassword ? {} : { adminPassword }),
      ...(given.apiToken ? {} : { apiToken }),
    }
  })
}

async function createAdministrator(
  within: Queryable,
  {
    adminPassword,
    apiToken,
    isGiven,
    now,
  }: Required<FirstCredentials> & { readonly isGiven: boolean; readonly now: Micros },
): Promise<void> {
  const userId = await insertUser(within, {
    name: 'admin',
    password: await hashPassword(adminPassword),
    grants: [{ role: 'administrator', groups: [] }],
    now,
  })
  await recordAs(within, 'first start', 'user.create', userId, { name: 'admin' })
  if (isGiven) return acceptToken(within, apiToken, userId, now)
  const token = await insertToken(within, apiToken, {
    name: 'first start',
    scope: null,
    days: firstTokenDays,
    userId,
    now,
  })
  await recordAs(within, 'first start', 'token.create', token, { name: 'first start' })
}

/** The same token at every start; its end moves with it. */
async function acceptToken(within: Queryable, token: string, userId: number, now: Micros): Promise<void> {
  const name = 'from the environment'
  const id = await insertToken(within, token, { name, scope: null, days: givenTokenDays, userId, now })
  await recordAs(within, 'start', 'token.accept', id, { name })
}
