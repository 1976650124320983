import { type Micros, shippedProfile } from '@tocsin/model'
import type { Context } from '../context.ts'
import type { Queryable } from '../storage/database.ts'
import { only } from '../storage/where.ts'
import {
  deploymentOf,
  lastSettled,
  latestDeployment,
  newestDeployments,
  type StoredDeployment,
} from './store.ts'

const quarterHour = 15 * 60 * 1_000_000

/** How far the fleet is; a revision is pending until every endpoint that is there has answered. */
export interface DeploymentStatus {
  readonly currentRevision: number | null
  readonly currentSize: number | null
  readonly pendingRevision: number | null
  readonly pendingSize: number | null
  readonly createdAt: Micros | null
  readonly modifiedAt: Micros | null
}

export interface DeploymentReport {
  readonly deployment: StoredDeployment
  readonly state: 'pending' | 'active' | 'superseded'
  readonly activated: number
  /** Endpoints that refused the whole set, by code. */
  readonly refused: readonly { readonly code: string; readonly endpoints: number }[]
  /** Programs that endpoints set aside, by code; the rest of the set runs there. */
  readonly setAside: readonly {
    readonly program: string
    readonly code: string
    readonly endpoints: number
  }[]
  /** There within the last 15 minutes, without an answer yet. */
  readonly pending: number
  readonly offline: number
  /** Of the newest deployment; an older one has none any more. */
  readonly profiles: readonly ProfileReport[]
}

/** How far the endpoints of one profile are. */
export interface ProfileReport {
  readonly id: number
  readonly name: string
  readonly version: number
  readonly endpoints: number
  /** They run the set, with this profile. */
  readonly applied: number
  /** Endpoints that look for what is new among what lies there, also those at which that stands still now. */
  readonly scanning: number
  /** How much longer the slowest of these needs at its budget, as it measures; null if none says. */
  readonly scanSecondsLeft: number | null
}

export async function deploymentStatus(context: Context): Promise<DeploymentStatus> {
  await settle(context)
  const latest = await latestDeployment(context.database)
  const current = await lastSettled(context.database)
  const pending = latest !== null && latest.settledAt === null ? latest : null
  return {
    currentRevision: current?.revision ?? null,
    currentSize: current?.size ?? null,
    pendingRevision: pending?.revision ?? null,
    pendingSize: pending?.size ?? null,
    createdAt: latest?.createdAt ?? null,
    modifiedAt: latest === null ? null : (latest.settledAt ?? latest.createdAt),
  }
}

/** Notes that the newest deployment is through, if it is; a settled one stays so. */
export async function settle(context: Context): Promise<void> {
  const within = context.database
  const [open] = await within.query<{ revision: number }>(
    `select revision from deployments
     where settled_at is null and revision = (select max(revision) from deployments)`,
  )
  if (open === undefined) return
  const { pending } = await answersOf(within, open.revision, context.now())
  if (pending > 0) return
  await within.query('update deployments set settled_at = $2 where revision = $1 and settled_at is null', [
    open.revision,
    context.now(),
  ])
}

const settling = new WeakSet<Context>()
const settleMs = 250

/** Settles shortly, once for all endpoints that answer meanwhile: a whole fleet answers within seconds. */
export function settleSoon(context: Context): void {
  if (settling.has(context)) return
  settling.add(context)
  setTimeout(() => {
    settling.delete(context)
    settle(context).catch(() => undefined) // whoever reads the status settles, too
  }, settleMs).unref()
}

export async function deploymentReport(context: Context, revision: number): Promise<DeploymentReport> {
  await settle(context)
  return reportOf(context, await deploymentOf(context.database, revision))
}

/** The newest deployments first. */
export async function deploymentReports(
  context: Context,
  limit: number,
): Promise<readonly DeploymentReport[]> {
  await settle(context)
  const newest = await newestDeployments(context.database, limit)
  return Promise.all(newest.map((deployment) => reportOf(context, deployment)))
}

async function reportOf(context: Context, deployment: StoredDeployment): Promise<DeploymentReport> {
  const { revision } = deployment
  const within = context.database
  const latest = await latestDeployment(within)
  const newest = latest?.revision === revision
  return {
    deployment,
    state: newest ? (deployment.settledAt === null ? 'pending' : 'active') : 'superseded',
    ...(await answersOf(within, revision, context.now())),
    refused: await within.query(
      `select coalesce(code, '') as code, count(*) as endpoints from deployment_acks
       where revision = $1 and state = 'refused' group by code order by endpoints desc`,
      [revision],
    ),
    setAside: await within.query(
      `select r ->> 'program' as program, r ->> 'code' as code, count(*) as endpoints
       from deployment_acks, jsonb_array_elements(refused) r
       where revision = $1 and state = 'activated' group by 1, 2 order by endpoints desc limit 1000`,
      [revision],
    ),
    profiles: newest ? await profileReports(within, deployment) : [],
  }
}

async function profileReports(
  within: Queryable,
  { revision, bindings }: StoredDeployment,
): Promise<readonly ProfileReport[]> {
  const rows = await within.query<Omit<ProfileReport, 'name' | 'version'>>(
    `select p.profile as id, count(*)::int as endpoints,
       count(*) filter (where e.revision >= $1 and coalesce(e.applied_profile, $2) = p.profile)::int as applied,
       count(*) filter (where (e.counters ->> 'scanState')::float8 > 0)::int as scanning,
       max((e.counters ->> 'scanSecondsLeft')::float8)
         filter (where (e.counters ->> 'scanState')::float8 > 0) as "scanSecondsLeft"
     from endpoint_profiles p join endpoints e on e.uuid = p.endpoint group by p.profile`,
    [revision, shippedProfile],
  )
  const byId = new Map(rows.map((row) => [row.id, row]))
  const none = { endpoints: 0, applied: 0, scanning: 0, scanSecondsLeft: null }
  return bindings.map(({ id, name, version }) => ({ ...none, ...byId.get(id), id, name, version }))
}

/**
 * An endpoint that activated a later set has answered, too. One that enrolled and never came, so that nothing is
 * known of it, is offline.
 */
async function answersOf(
  within: Queryable,
  revision: number,
  now: Micros,
): Promise<{ readonly activated: number; readonly pending: number; readonly offline: number }> {
  return only(
    await within.query<{ activated: number; pending: number; offline: number }>(
      `select count(*) filter (where a.state = 'activated') as activated,
         count(*) filter (where a.state is null and e.revision < $1 and (e.connected or e.seen_at > $2 and e.facts is not null)) as pending,
         count(*) filter (where a.state is null and e.revision < $1 and not (e.connected or e.seen_at > $2 and e.facts is not null)) as offline
       from endpoints e left join deployment_acks a on a.endpoint = e.uuid and a.revision = $1
       where e.revoked_at is null`,
      [revision, now - quarterHour],
    ),
  )
}
