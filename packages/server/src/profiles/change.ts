import { isDeepStrictEqual } from 'node:util'
import { shippedProfile } from '@tocsin/model'
import type { Principal } from '../access/index.ts'
import { record } from '../audit/index.ts'
import type { Context } from '../context.ts'
import { Failure } from '../http/failure.ts'
import type { Queryable } from '../storage/database.ts'
import type { Profile, ProfileFacts } from './profile.ts'
import { requireSound } from './require-sound.ts'
import { bodyOf, profileById, replaceProfile } from './store.ts'

/** Of whom a change comes, and which version it is a change of. */
export interface Change extends ProfileFacts {
  readonly version: number
}

/** Makes a profile anew under its next version; a change that changes nothing leaves the version. */
export async function changeProfile(
  context: Context,
  principal: Principal,
  id: number,
  change: Change,
): Promise<Profile> {
  await context.database.transaction((within) => changeWithin(context, within, principal, { ...change, id }))
  return profileById(context.database, id)
}

/** Changes some of a profile, whatever its version is. */
export async function adjustProfile(
  context: Context,
  principal: Principal,
  id: number,
  adjust: (profile: Profile) => ProfileFacts,
): Promise<Profile> {
  await context.database.transaction(async (within) => {
    await within.query('select from profiles where id = $1 for update', [id])
    const profile = await profileById(within, id)
    await changeWithin(context, within, principal, { ...adjust(profile), id, version: profile.version })
  })
  return profileById(context.database, id)
}

async function changeWithin(
  context: Context,
  within: Queryable,
  principal: Principal,
  change: Change & { readonly id: number },
): Promise<void> {
  const { id, version } = change
  const before = await profileById(within, id)
  if (before.version !== version) throw new Failure('profile.changed')
  const facts = factsOf(change)
  if (id === shippedProfile) requireShipped(facts)
  await requireSound(within, facts)
  if (isDeepStrictEqual(factsOf(before), facts)) return
  await replaceProfile(within, { ...facts, id, version }, { by: principal.user.name, at: context.now() })
  await record(within, principal, 'profile.change', id, { version: version + 1, ...facts })
}

/** Every endpoint has one profile at least. */
function requireShipped({ priority, groups }: ProfileFacts): void {
  const everyone = 1
  if (priority !== 0 || groups.length !== 1 || groups[0] !== everyone) throw new Failure('profile.shipped')
}

export function factsOf(of: ProfileFacts): ProfileFacts {
  const groups = [...new Set(of.groups)].sort((left, right) => left - right)
  return { name: of.name, priority: of.priority, groups, ...bodyOf(of) }
}
