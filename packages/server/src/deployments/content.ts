import {
  type Digest,
  digestOf,
  type EndpointSettings,
  type Manifest,
  type ManifestProfile,
  shippedProfile,
} from '@tocsin/model'
import { Failure } from '../http/failure.ts'
import { currentPrograms } from '../intel/index.ts'
import { allProfiles, type Binding, bindingOf, type Profile, settingsOf } from '../profiles/index.ts'
import type { Queryable } from '../storage/database.ts'
import { only } from '../storage/where.ts'

/** What a deployment brings, without revision, times and signature. */
export interface Content {
  readonly programs: Manifest['programs']
  readonly settings: EndpointSettings
  readonly profiles?: readonly ManifestProfile[]
  /** To whom each profile goes; not signed. */
  readonly bindings: readonly Binding[]
  readonly blobs: readonly Digest[]
}

/** The programs of all live documents that some profile takes, with the profiles of now. */
export async function contentOfNow(within: Queryable): Promise<Content> {
  const current = await currentPrograms(within)
  const profiles = await allProfiles(within)
  const bindings = profiles.map((profile) => bindingOf(profile, current))
  const isTaken = takenBy(bindings)
  const brought = current.filter(({ intel }) => isTaken(intel))
  return {
    programs: brought.map(({ digest, intel, revision }) => ({ digest, intel, revision })),
    ...signedParts(profiles, bindings),
    bindings,
    blobs: [...new Set(brought.flatMap(({ blobs }) => blobs))].sort(),
  }
}

/** What an older deployment brought, to bring it again under a new revision. */
export async function contentOfRevision(within: Queryable, revision: number): Promise<Content> {
  const [row] = await within.query<{
    bytes: Uint8Array
    blobs: readonly string[]
    bindings: readonly Binding[]
  }>(
    `select o.bytes, d.blobs, d.bindings from deployments d join objects o on o.digest = d.digest
     where d.revision = $1`,
    [revision],
  )
  if (row === undefined) throw new Failure('deployment.unknown')
  const { programs, settings, profiles } = JSON.parse(new TextDecoder().decode(row.bytes)) as Manifest
  const { blobs, bindings } = row
  return { programs, settings, ...(profiles === undefined ? {} : { profiles }), bindings, blobs }
}

/** Same content, same digest: it is not deployed twice. */
export function contentDigest({ programs, settings, profiles = [], bindings }: Content): Digest {
  return digestOf({ programs, settings, profiles, bindings })
}

/** Bytes that an endpoint with nothing would fetch. */
export async function sizeOf(within: Queryable, { programs, blobs }: Content): Promise<number> {
  const digests = [...programs.map(({ digest }) => digest), ...blobs]
  return only(
    await within.query<{ size: number }>(
      'select coalesce(sum(length(bytes)), 0)::bigint as size from objects where digest = any($1)',
      [digests],
    ),
  ).size
}

function takenBy(bindings: readonly Binding[]): (intel: number) => boolean {
  if (bindings.some(({ intel }) => intel === 'all')) return () => true
  const taken = new Set(bindings.flatMap(({ intel }) => (intel === 'all' ? [] : intel)))
  return (intel) => taken.has(intel)
}

/** Where the shipped profile is the only one, and says no more than agents without profiles know, no profile is named. */
function signedParts(
  profiles: readonly Profile[],
  bindings: readonly Binding[],
): Pick<Content, 'settings' | 'profiles'> {
  const signed = profiles.map((profile, at) => ({
    ...{ id: profile.id, name: profile.name, settings: settingsOf(profile) },
    intel: bindings[at]?.intel ?? [],
  }))
  const shipped = signed.find(({ id }) => id === shippedProfile)
  const { scanRoots, scanExclude, budget, ...more } = shipped?.settings ?? { scanRoots: [], scanExclude: [] }
  const settings = { scanRoots, scanExclude, ...(budget === undefined ? {} : { budget }) }
  const isPlain = signed.length === 1 && shipped?.intel === 'all' && Object.keys(more).length === 0
  return isPlain ? { settings } : { settings, profiles: signed }
}
