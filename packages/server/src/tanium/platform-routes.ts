import { credentials, platform } from '@tocsin/api/tanium/index.ts'
import { type Credentials, login } from '../access/index.ts'
import type { Context } from '../context.ts'
import { type ComputerGroup, groupById, groupByName } from '../endpoints/index.ts'
import { Failure } from '../http/failure.ts'
import { textReply } from '../http/reply.ts'
import { type Call, type Route, route } from '../http/serve.ts'

type LoginCall = Pick<Call<never>, 'context' | 'raw' | 'address'>

/** JSON whatever the content type says: one client sends none. */
async function loggedIn({ context, raw, address }: LoginCall) {
  return { data: { session: await login(context, { ...credentialsIn(raw), address }) } }
}

type NameAndPassword = Pick<Credentials, 'username' | 'password'>

function credentialsIn(raw: Uint8Array): NameAndPassword {
  try {
    return credentials.parse(JSON.parse(new TextDecoder().decode(raw)))
  } catch {
    throw new Failure('request.malformed', { detail: 'send {"username", "password"}' })
  }
}

/** `Authorization: Basic` of RFC 7617; a colon may stand in the password. */
function basicCredentials(header: string | readonly string[] | undefined): NameAndPassword {
  const text = Buffer.from(/^Basic\s+(\S+)$/i.exec(String(header ?? ''))?.[1] ?? '', 'base64').toString(
    'utf8',
  )
  const colon = text.indexOf(':')
  if (colon < 1) throw new Failure('access.wrong-login')
  return { username: text.slice(0, colon), password: text.slice(colon + 1) }
}

const wireGroup = ({ id, name }: ComputerGroup) => ({ id, name, type: 0, filters: [], deleted_flag: false })

/** Clients take a group that is not there from empty data, not from an error. */
async function groupOrNull(find: () => Promise<ComputerGroup>) {
  try {
    return { data: wireGroup(await find()) }
  } catch (error) {
    if (error instanceof Failure && error.code === 'group.unknown') return { data: null }
    throw error
  }
}

const byNumber = (context: Context, id: number) => groupOrNull(() => groupById(context.database, id))

export const platformRoutes: readonly Route[] = [
  route(platform.login, loggedIn),
  route(platform.loginByGet, loggedIn),
  route(platform.auth, async ({ context, headers, address }) =>
    textReply(await login(context, { ...basicCredentials(headers.authorization), address })),
  ),
  route(platform.currentSession, async ({ principal }) => ({
    data: { id: principal.user.id, user: { id: principal.user.id, name: principal.user.name } },
  })),
  route(platform.groupByName, ({ context, params }) =>
    groupOrNull(() => groupByName(context.database, params.name)),
  ),
  route(platform.rightsGroup, ({ context, params }) => byNumber(context, params.id)),
]
