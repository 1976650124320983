import type { EndpointSettings } from '@tocsin/model'
import type { Principal } from '../access/index.ts'
import { record } from '../audit/index.ts'
import type { Context } from '../context.ts'
import type { Queryable } from '../storage/database.ts'

/** Where files that arrive usually land. */
export const usualRoots: readonly string[] = [
  '/tmp',
  '/var/tmp',
  '/dev/shm',
  '/home',
  '/root',
  '/opt',
  '/srv',
  '/usr/local',
  '/var/www',
]

/** What endpoints are told to scan, and what their agents may use; part of every signed set. */
export async function endpointSettings(within: Queryable): Promise<EndpointSettings> {
  const [row] = await within.query<{ value: EndpointSettings }>(
    "select value from settings where name = 'endpoint'",
  )
  return row?.value ?? { scanRoots: usualRoots, scanExclude: [] }
}

export async function changeEndpointSettings(
  context: Context,
  principal: Principal,
  value: EndpointSettings,
): Promise<EndpointSettings> {
  await context.database.transaction(async (within) => {
    await save(within, value, principal.user.name, context.now())
    await record(within, principal, 'settings.change', 'endpoint', { ...value })
  })
  return value
}

/** The first value may come from the environment (`TOCSIN_SCAN_ROOTS`, separated by colons); later ones are an act. */
export async function firstSettings(context: Context, roots: string | undefined): Promise<void> {
  if (roots === undefined || roots === '') return
  const existing = await context.database.query("select from settings where name = 'endpoint'")
  if (existing.length > 0) return
  const value = { scanRoots: roots.split(':').filter((root) => root.startsWith('/')), scanExclude: [] }
  await save(context.database, value, 'first start', context.now())
}

async function save(within: Queryable, value: EndpointSettings, by: string, now: number): Promise<void> {
  await within.query(
    `insert into settings (name, value, changed_at, changed_by) values ('endpoint', $1, $2, $3)
     on conflict (name) do update set value = excluded.value, changed_at = excluded.changed_at, changed_by = excluded.changed_by`,
    [JSON.stringify(value), now, by],
  )
}
