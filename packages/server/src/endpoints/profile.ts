import { type Capability, digestOf } from '@tocsin/model'
import type { Queryable } from '../storage/database.ts'

/** What coverage depends on of a capability; endpoints that can deliver the same share it. */
export interface Profile {
  readonly digest: string
  readonly capability: Capability
}

/** How far back a journal reaches does not change what it can answer, so it is left out of the profile. */
export function profileOf(capability: Capability): Profile {
  const shared: Capability = { ...capability, historySince: capability.historySince === null ? null : 0 }
  return { digest: digestOf(shared), capability: shared }
}

/** Stores a profile; true if it is new. */
export async function saveProfile(within: Queryable, profile: Profile): Promise<boolean> {
  const rows = await within.query(
    'insert into capability_profiles (digest, capability) values ($1, $2) on conflict do nothing returning digest',
    [profile.digest, JSON.stringify(profile.capability)],
  )
  return rows.length > 0
}

/** Profiles of the endpoints that are enrolled now. */
export function liveProfiles(within: Queryable): Promise<readonly Profile[]> {
  return within.query<Profile>(
    `select digest, capability from capability_profiles
     where digest in (select profile from endpoints where revoked_at is null)`,
  )
}
