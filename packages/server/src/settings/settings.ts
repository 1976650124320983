import { type EndpointSettings, shippedProfile, usualBudget } from '@tocsin/model'
import type { Principal } from '../access/index.ts'
import { record } from '../audit/index.ts'
import type { Context } from '../context.ts'
import { adjustProfile, factsOf, type Profile, profileById } from '../profiles/index.ts'
import type { Queryable } from '../storage/database.ts'

type Shown = Required<Pick<EndpointSettings, 'scanRoots' | 'scanExclude' | 'budget'>>

/** What endpoints of the shipped profile scan, and what their agents may use: a view of that profile. */
export async function endpointSettings(within: Queryable): Promise<Shown> {
  return partOf(await profileById(within, shippedProfile))
}

/** Without a budget the usual one. */
export async function changeEndpointSettings(
  context: Context,
  principal: Principal,
  { scanRoots, scanExclude, budget = usualBudget }: EndpointSettings,
): Promise<Shown> {
  const changed = await adjustProfile(context, principal, shippedProfile, (profile) => ({
    ...factsOf(profile),
    scan: { ...profile.scan, roots: scanRoots, exclude: scanExclude },
    budget,
  }))
  await context.database.transaction((within) =>
    record(within, principal, 'settings.change', 'endpoint', { scanRoots, scanExclude, budget }),
  )
  return partOf(changed)
}

/** The first value may come from the environment (`TOCSIN_SCAN_ROOTS`, separated by colons); later ones are an act. */
export async function firstSettings(context: Context, roots: string | undefined): Promise<void> {
  if (roots === undefined || roots === '') return
  await context.database.query(
    `update profiles set body = jsonb_set(body, '{scan,roots}', $2::jsonb), changed_by = 'first start', changed_at = $3
     where id = $1 and version = 1 and changed_by = 'installation'`,
    [shippedProfile, JSON.stringify(roots.split(':').filter((root) => root.startsWith('/'))), context.now()],
  )
}

function partOf({ scan, budget }: Profile): Shown {
  return { scanRoots: scan.roots, scanExclude: scan.exclude, budget }
}
