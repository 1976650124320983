import * as contracts from '@tocsin/api/v1/profiles.ts'
import { shippedProfile } from '@tocsin/model'
import { type Route, route } from '../http/serve.ts'
import { isoTime } from '../storage/times.ts'
import { changeProfile } from './change.ts'
import { createProfile } from './create.ts'
import { exportProfile, importProfile } from './exchange.ts'
import type { Profile } from './profile.ts'
import { removeProfile } from './remove.ts'
import { allProfiles, profileById } from './store.ts'

export const routes: readonly Route[] = [
  route(contracts.listProfiles, async ({ context }) => ({
    items: (await allProfiles(context.database)).map(shown),
  })),
  route(contracts.readProfile, async ({ context, params }) =>
    shown(await profileById(context.database, params.id)),
  ),
  route(contracts.createProfileContract, async ({ context, principal, body }) =>
    shown(await createProfile(context, principal, body)),
  ),
  route(contracts.importProfileContract, async ({ context, principal, body }) =>
    shown(await importProfile(context, principal, body)),
  ),
  route(contracts.changeProfileContract, async ({ context, principal, params, body }) =>
    shown(await changeProfile(context, principal, params.id, body)),
  ),
  route(contracts.deleteProfileContract, async ({ context, principal, params }) => {
    await removeProfile(context, principal, params.id)
    return {}
  }),
  route(contracts.exportProfileContract, ({ context, params }) => exportProfile(context, params.id)),
]

/** The wire's types are mutable; nothing changes them. */
function shown(profile: Profile): never {
  const shape = {
    ...profile,
    isShipped: profile.id === shippedProfile,
    changedAt: isoTime(profile.changedAt),
  }
  return shape as never
}
