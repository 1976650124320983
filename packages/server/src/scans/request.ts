import type { Digest } from '@tocsin/model'
import type { Principal } from '../access/index.ts'
import { record } from '../audit/index.ts'
import type { Context } from '../context.ts'
import { deploy, deploymentOf, latestDeployment } from '../deployments/index.ts'
import { groupById } from '../endpoints/index.ts'
import { Failure } from '../http/failure.ts'
import { oneDocument } from '../intel/index.ts'
import type { Queryable } from '../storage/database.ts'
import { only } from '../storage/where.ts'
import { requireGroup } from './policy.ts'
import { type Scan, scanById } from './store.ts'

const hour = 60 * 60 * 1_000_000

export interface ScanRequest {
  /** Null: every document. */
  readonly document: number | null
  readonly group: number
}

/**
 * Has a computer group scanned for one document, or for all, within the next hour. Endpoints scan for what was
 * deployed, so a document that is not deployed yet is deployed by it.
 */
export async function requestScan(
  context: Context,
  principal: Principal,
  { document, group }: ScanRequest,
): Promise<Scan> {
  await groupById(context.database, group)
  requireGroup(principal, group)
  const program = document === null ? null : (await oneDocument(context.database, document)).program
  const revision = await deployedWith(context, principal, program)
  const now = context.now()
  const id = await context.database.transaction(async (within) => {
    const scan = await insertScan(within, {
      document,
      group,
      programs: program === null ? [] : [program],
      revision,
      principal,
      now,
    })
    await record(within, principal, 'scan.request', scan, { document, group })
    return scan
  })
  await context.bus.publish('scanRequested', { scan: id })
  return scanById(context.database, id)
}

/** The newest deployment, if it holds the program; else a new one that does. */
async function deployedWith(context: Context, principal: Principal, program: Digest | null): Promise<number> {
  const latest = await latestDeployment(context.database)
  if (latest !== null && (program === null || latest.programs.includes(program))) return latest.revision
  const { revision } = await deploy(context, principal)
  const { programs } = await deploymentOf(context.database, revision)
  if (program !== null && !programs.includes(program)) throw new Failure('intel.in-no-profile')
  return revision
}

async function insertScan(
  within: Queryable,
  of: ScanRequest & {
    readonly programs: readonly string[]
    readonly revision: number
    readonly principal: Principal
    readonly now: number
  },
): Promise<number> {
  const rows = await within.query<{ id: number }>(
    `insert into scans
       (document, computer_group, programs, revision, requested_by, user_id, created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8) returning id`,
    [
      of.document,
      of.group,
      of.programs,
      of.revision,
      of.principal.user.name,
      of.principal.user.id,
      of.now,
      of.now + hour,
    ],
  )
  return only(rows).id
}
