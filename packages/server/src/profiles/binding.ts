import { isDeepStrictEqual } from 'node:util'
import type { EndpointSettings } from '@tocsin/model'
import { responseClasses, usualBudget } from '@tocsin/model'
import type { Queryable } from '../storage/database.ts'
import type { Profile, ProfileBody } from './profile.ts'

/** What a deployment keeps of a profile beside its signed part: to whom it goes, and in which version. */
export interface Binding {
  readonly id: number
  readonly name: string
  readonly version: number
  readonly priority: number
  readonly groups: readonly number[]
  /** Ids of documents. */
  readonly intel: 'all' | readonly number[]
}

/** A document, as far as profiles choose by it. */
export interface Choosable {
  readonly intel: number
  readonly source: number
  readonly labels: readonly number[]
}

/** The documents of a profile among those that are there. */
export function intelOf(
  { intel }: Pick<ProfileBody, 'intel'>,
  documents: readonly Choosable[],
): Binding['intel'] {
  if (intel === 'all') return 'all'
  const [sources, labels, named] = [new Set(intel.sources), new Set(intel.labels), new Set(intel.documents)]
  return documents
    .filter(
      (each) =>
        sources.has(each.source) || named.has(each.intel) || each.labels.some((label) => labels.has(label)),
    )
    .map((each) => each.intel)
}

export function bindingOf(profile: Profile, documents: readonly Choosable[]): Binding {
  const { id, name, version, priority, groups } = profile
  return { id, name, version, priority, groups, intel: intelOf(profile, documents) }
}

/** The part of a profile that endpoints apply; what is usual is not named, so that older agents take it. */
export function settingsOf({ scan, budget, recorder, responses }: ProfileBody): EndpointSettings {
  const { roots, exclude, blockout, rescanHours } = scan
  return {
    scanRoots: roots,
    scanExclude: exclude,
    ...(isDeepStrictEqual(budget, usualBudget) ? {} : { budget }),
    ...(Object.values(recorder).every((list) => list.length === 0) ? {} : { recorder }),
    ...(blockout.length === 0 ? {} : { blockout }),
    ...(rescanHours === null ? {} : { rescanHours }),
    ...(responses.length === mostResponses ? {} : { responses }),
  }
}

const mostResponses = responseClasses.length

/** The profile that an endpoint has by the newest deployment; nothing before there is one. */
export async function profileOfEndpoint(within: Queryable, endpoint: string): Promise<number | undefined> {
  const [row] = await within.query<{ profile: number }>(
    'select profile from endpoint_profiles where endpoint = $1',
    [endpoint],
  )
  return row?.profile
}

/** The same of many. */
export async function profilesOfEndpoints(
  within: Queryable,
  endpoints: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await within.query<{ endpoint: string; profile: number }>(
    'select endpoint, profile from endpoint_profiles where endpoint = any($1::uuid[])',
    [endpoints],
  )
  return new Map(rows.map(({ endpoint, profile }) => [endpoint, profile]))
}
