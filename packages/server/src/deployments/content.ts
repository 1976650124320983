import { isDeepStrictEqual } from 'node:util'
import { type Digest, digestOf, type EndpointSettings, type Manifest, usualBudget } from '@tocsin/model'
import { Failure } from '../http/failure.ts'
import { currentPrograms } from '../intel/index.ts'
import { endpointSettings } from '../settings/index.ts'
import type { Queryable } from '../storage/database.ts'
import { only } from '../storage/where.ts'

/** What a deployment brings, without revision, times and signature. */
export interface Content {
  readonly programs: Manifest['programs']
  readonly settings: EndpointSettings
  readonly blobs: readonly Digest[]
}

/** The programs of all live documents with the settings of now. */
export async function contentOfNow(within: Queryable): Promise<Content> {
  const current = await currentPrograms(within)
  return {
    programs: current.map(({ digest, intel, revision }) => ({ digest, intel, revision })),
    settings: plain(await endpointSettings(within)),
    blobs: [...new Set(current.flatMap(({ blobs }) => blobs))].sort(),
  }
}

/** What an older deployment brought, to bring it again under a new revision. */
export async function contentOfRevision(within: Queryable, revision: number): Promise<Content> {
  const [row] = await within.query<{ bytes: Uint8Array; blobs: readonly string[] }>(
    'select o.bytes, d.blobs from deployments d join objects o on o.digest = d.digest where d.revision = $1',
    [revision],
  )
  if (row === undefined) throw new Failure('deployment.unknown')
  const { programs, settings } = JSON.parse(new TextDecoder().decode(row.bytes)) as Manifest
  return { programs, settings, blobs: row.blobs }
}

/** Same content, same digest: it is not deployed twice. */
export function contentDigest({ programs, settings }: Content): Digest {
  return digestOf({ programs, settings })
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

/** The usual budget is not named: agents that know of no other take the set too. */
function plain({ scanRoots, scanExclude, budget }: EndpointSettings): EndpointSettings {
  const isUsual = budget === undefined || isDeepStrictEqual(budget, usualBudget)
  return { scanRoots, scanExclude, ...(isUsual ? {} : { budget }) }
}
