import { z } from 'zod'
import { contract } from '../contract.ts'
import { permissions, roles } from '../permissions.ts'

const isoTime = z.iso.datetime()
const byId = z.object({ id: z.coerce.number().int().positive().max(2_147_483_647) })
const grant = z.object({
  role: z.enum(roles),
  /** Computer groups; empty means all. */
  groups: z.array(z.int().positive()).max(1_000).default([]),
})
const grants = z
  .array(grant)
  .max(roles.length)
  .refine((each) => new Set(each.map(({ role }) => role)).size === each.length, 'a role stands here twice')
const password = z.string().min(12).max(1_000)
const name = z.string().trim().min(1).max(200)

export const logIn = contract({
  method: 'POST',
  path: '/api/v1/session',
  summary: 'Log in with name and password',
  tag: 'Access',
  may: 'anyone',
  body: z.object({ username: z.string().max(200), password: z.string().max(1_000) }),
  answer: z.object({ session: z.string() }),
  failures: ['access.wrong-login', 'access.too-many-tries'],
})

export const whoAmI = contract({
  method: 'GET',
  path: '/api/v1/session',
  summary: 'Whose session this is, and what it may do',
  tag: 'Access',
  may: 'signed-in',
  answer: z.object({
    user: z.object({ id: z.int(), name: z.string() }),
    grants: z.array(grant),
    scope: z.array(z.enum(permissions)).nullable(),
  }),
})

export const logOut = contract({
  method: 'DELETE',
  path: '/api/v1/session',
  summary: 'End the session',
  tag: 'Access',
  may: 'signed-in',
  answer: z.object({}),
})

export const listTokens = contract({
  method: 'GET',
  path: '/api/v1/tokens',
  summary: 'List API tokens; their texts are not kept',
  tag: 'Access',
  may: 'access.manage',
  answer: z.object({
    items: z.array(
      z.object({
        id: z.int(),
        name: z.string(),
        user: z.string(),
        scope: z.array(z.enum(permissions)).nullable(),
        createdAt: isoTime,
        expiresAt: isoTime,
        usedAt: isoTime.nullable(),
        revokedAt: isoTime.nullable(),
      }),
    ),
  }),
})

export const createToken = contract({
  method: 'POST',
  path: '/api/v1/tokens',
  summary: 'Create an API token; its text is shown this once',
  tag: 'Access',
  may: 'access.manage',
  body: z.object({
    name,
    scope: z.array(z.enum(permissions)).min(1).nullable().default(null),
    days: z.int().min(1).max(3_650).default(90),
  }),
  answer: z.object({ id: z.int(), token: z.string() }),
  status: 201,
})

export const revokeToken = contract({
  method: 'DELETE',
  path: '/api/v1/tokens/:id',
  summary: 'Revoke an API token',
  tag: 'Access',
  may: 'access.manage',
  params: byId,
  answer: z.object({}),
  failures: ['token.unknown'],
})

const user = z.object({ id: z.int(), name: z.string(), disabled: z.boolean(), grants: z.array(grant) })

export const listUsers = contract({
  method: 'GET',
  path: '/api/v1/users',
  summary: 'List users with their roles',
  tag: 'Access',
  may: 'access.manage',
  answer: z.object({ items: z.array(user) }),
})

export const createUser = contract({
  method: 'POST',
  path: '/api/v1/users',
  summary: 'Create a user',
  tag: 'Access',
  may: 'access.manage',
  body: z.object({ name, password, grants }),
  answer: z.object({ id: z.int() }),
  status: 201,
  failures: ['user.name-taken'],
})

export const changeUser = contract({
  method: 'PATCH',
  path: '/api/v1/users/:id',
  summary: "Change a user's password or roles, or disable it",
  tag: 'Access',
  may: 'access.manage',
  params: byId,
  body: z.object({
    password: password.optional(),
    disabled: z.boolean().optional(),
    grants: grants.optional(),
  }),
  answer: z.object({}),
  failures: ['user.unknown', 'user.last-administrator'],
})

export const listRoles = contract({
  method: 'GET',
  path: '/api/v1/roles',
  summary: 'The roles and what each may do',
  tag: 'Access',
  may: 'signed-in',
  answer: z.object({
    items: z.array(z.object({ role: z.enum(roles), permissions: z.array(z.enum(permissions)) })),
  }),
})

export const createEnrolmentToken = contract({
  method: 'POST',
  path: '/api/v1/enrolment-tokens',
  summary: 'Create a token that enrols one endpoint within 15 minutes',
  tag: 'Access',
  may: 'endpoints.enrol',
  answer: z.object({ token: z.string(), expiresAt: isoTime, caPin: z.string(), uplink: z.string() }),
  status: 201,
})
