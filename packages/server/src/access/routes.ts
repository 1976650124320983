import { roles } from '@tocsin/api'
import {
  changeUser as changeUserContract,
  createEnrolmentToken as createEnrolmentTokenContract,
  createToken as createTokenContract,
  createUser as createUserContract,
  listRoles,
  listTokens as listTokensContract,
  listUsers as listUsersContract,
  logIn,
  logOut,
  revokeToken as revokeTokenContract,
  whoAmI,
} from '@tocsin/api/v1/access.ts'
import { type Route, route } from '../http/serve.ts'
import { isoTime, isoTimeOrNull } from '../storage/times.ts'
import { createEnrolmentToken } from './enrolment-tokens.ts'
import { login, logout } from './login.ts'
import { permissionsOfRole } from './roles.ts'
import { createToken, listTokens, revokeToken } from './tokens.ts'
import { changeUser, createUser, listUsers } from './users.ts'

const sessions: readonly Route[] = [
  route(logIn, async ({ context, body, address }) => ({
    session: await login(context, { ...body, address }),
  })),
  route(whoAmI, async ({ principal }) => ({
    user: principal.user,
    grants: principal.grants.map(({ role, groups }) => ({ role, groups: [...groups] })),
    scope: principal.scope === null ? null : [...principal.scope],
  })),
  route(logOut, async ({ context, principal, headers }) => {
    await logout(context, String(headers.session), principal.user.name)
    return {}
  }),
]

const tokens: readonly Route[] = [
  route(listTokensContract, async ({ context }) => ({
    items: (await listTokens(context)).map((token) => ({
      ...token,
      scope: token.scope === null ? null : [...token.scope],
      createdAt: isoTime(token.createdAt),
      expiresAt: isoTime(token.expiresAt),
      usedAt: isoTimeOrNull(token.usedAt),
      revokedAt: isoTimeOrNull(token.revokedAt),
    })),
  })),
  route(createTokenContract, ({ context, principal, body }) => createToken(context, principal, body)),
  route(revokeTokenContract, async ({ context, principal, params }) => {
    await revokeToken(context, principal, params.id)
    return {}
  }),
  route(createEnrolmentTokenContract, async ({ context, principal }) => {
    const { token, expiresAt } = await createEnrolmentToken(context, principal)
    return { token, expiresAt: isoTime(expiresAt), caPin: context.uplink.caPin, uplink: context.uplink.url }
  }),
]

const users: readonly Route[] = [
  route(listUsersContract, async ({ context }) => ({
    items: (await listUsers(context)).map((user) => ({
      ...user,
      grants: user.grants.map(({ role, groups }) => ({ role, groups: [...groups] })),
    })),
  })),
  route(createUserContract, async ({ context, principal, body }) => ({
    id: await createUser(context, principal, body),
  })),
  route(changeUserContract, async ({ context, principal, params, body }) => {
    await changeUser(context, principal, params.id, body)
    return {}
  }),
  route(listRoles, async () => ({
    items: roles.map((role) => ({ role, permissions: [...permissionsOfRole[role]] })),
  })),
]

export const routes: readonly Route[] = [...sessions, ...tokens, ...users]
