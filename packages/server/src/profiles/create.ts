import type { Principal } from '../access/index.ts'
import { record } from '../audit/index.ts'
import type { Context } from '../context.ts'
import type { Profile, ProfileFacts } from './profile.ts'
import { requireSound } from './require-sound.ts'
import { insertProfile, profileById } from './store.ts'

/** Adds a profile; it takes effect with the next deployment. */
export async function createProfile(
  context: Context,
  principal: Principal,
  facts: ProfileFacts,
): Promise<Profile> {
  const id = await context.database.transaction(async (within) => {
    await requireSound(within, facts)
    const made = await insertProfile(within, facts, { by: principal.user.name, at: context.now() })
    await record(within, principal, 'profile.create', made, { ...facts })
    return made
  })
  return profileById(context.database, id)
}
