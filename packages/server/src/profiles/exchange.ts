import type { exportedProfile } from '@tocsin/api/v1/profiles.ts'
import type { z } from 'zod'
import type { Principal } from '../access/index.ts'
import type { Context } from '../context.ts'
import { Failure } from '../http/failure.ts'
import type { FailureCode } from '../http/failures.ts'
import type { Queryable } from '../storage/database.ts'
import { changeProfile } from './change.ts'
import { createProfile } from './create.ts'
import type { ChosenIntel, Profile, ProfileFacts } from './profile.ts'
import { bodyOf, profileById, profileNamed } from './store.ts'

export type ExportedProfile = z.output<typeof exportedProfile>
type NamedIntel = Exclude<ExportedProfile['intel'], 'all'>

/** A profile with names instead of ids. */
export async function exportProfile(context: Context, id: number): Promise<ExportedProfile> {
  const within = context.database
  const profile = await profileById(within, id)
  const { recorder, scan, budget, responses } = structuredClone(bodyOf(profile)) as ExportedProfile
  return {
    format: 'tocsin profile 1',
    name: profile.name,
    priority: profile.priority,
    groups: await namesOf(within, 'computer_groups', profile.groups),
    intel: profile.intel === 'all' ? 'all' : await namedIntel(within, profile.intel),
    ...{ recorder, scan, budget, responses },
  }
}

/** Creates a profile as it was exported; one of this name is changed to it. */
export async function importProfile(
  context: Context,
  principal: Principal,
  exported: ExportedProfile,
): Promise<Profile> {
  const within = context.database
  const { name, priority, recorder, scan, budget, responses, intel } = exported
  const facts: ProfileFacts = {
    ...{ name, priority, recorder, scan, budget, responses },
    groups: await idsOf(within, exported.groups, groups),
    intel: intel === 'all' ? 'all' : await foundIntel(within, intel),
  }
  const before = await profileNamed(within, name)
  if (before !== null)
    return changeProfile(context, principal, before.id, { ...facts, version: before.version })
  if (priority === 0) throw new Failure('profile.shipped')
  return createProfile(context, principal, facts)
}

interface Named {
  readonly table: 'computer_groups' | 'sources' | 'labels'
  readonly alive: string
  readonly code: FailureCode
}
const groups: Named = { table: 'computer_groups', alive: 'deleted_at is null', code: 'group.unknown' }
const sources: Named = { table: 'sources', alive: 'true', code: 'source.unknown' }
const labels: Named = { table: 'labels', alive: 'true', code: 'label.unknown' }

async function namedIntel(within: Queryable, intel: ChosenIntel): Promise<NamedIntel> {
  return {
    sources: await namesOf(within, 'sources', intel.sources),
    labels: await namesOf(within, 'labels', intel.labels),
    documents: [
      ...(await within.query<{ kind: string; intrinsicId: string }>(
        `select kind, intrinsic_id as "intrinsicId" from documents
         where id = any($1) and deleted_at is null order by id`,
        [intel.documents],
      )),
    ],
  }
}

async function foundIntel(within: Queryable, intel: NamedIntel): Promise<ChosenIntel> {
  const documents: number[] = []
  for (const { kind, intrinsicId } of intel.documents) {
    const [row] = await within.query<{ id: number }>(
      'select id from documents where kind = $1 and intrinsic_id = $2 and deleted_at is null order by id limit 1',
      [kind, intrinsicId],
    )
    if (row === undefined)
      throw new Failure('intel.unknown', { detail: `${kind} ${intrinsicId}`.slice(0, 500) })
    documents.push(row.id)
  }
  return {
    sources: await idsOf(within, intel.sources, sources),
    labels: await idsOf(within, intel.labels, labels),
    documents,
  }
}

async function namesOf(within: Queryable, table: Named['table'], ids: readonly number[]): Promise<string[]> {
  const rows = await within.query<{ name: string }>(
    `select name from ${table} where id = any($1) order by id`,
    [ids],
  )
  return rows.map(({ name }) => name)
}

async function idsOf(
  within: Queryable,
  names: readonly string[],
  { table, alive, code }: Named,
): Promise<number[]> {
  const rows = await within.query<{ id: number; name: string }>(
    `select id, lower(name) as name from ${table}
     where lower(name) in (select lower(x) from unnest($1::text[]) x) and ${alive} order by id`,
    [names],
  )
  const found = new Set(rows.map(({ name }) => name))
  const missing = names.find((name) => !found.has(name.toLowerCase()))
  if (missing !== undefined) throw new Failure(code, { detail: missing.slice(0, 500) })
  return rows.map(({ id }) => id)
}
