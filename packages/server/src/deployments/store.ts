import type { Digest, Micros } from '@tocsin/model'
import { Failure } from '../http/failure.ts'
import type { Binding } from '../profiles/index.ts'
import type { Queryable } from '../storage/database.ts'

export interface StoredDeployment {
  readonly revision: number
  /** Of the manifest. */
  readonly digest: Digest
  readonly signature: string
  readonly content: Digest
  readonly previous: number
  readonly programs: readonly Digest[]
  readonly blobs: readonly Digest[]
  readonly size: number
  readonly createdAt: Micros
  readonly createdBy: string
  readonly expiresAt: Micros
  readonly settledAt: Micros | null
  readonly bindings: readonly Binding[]
}

const columns = `revision, digest, signature, content, previous, programs, blobs, size, created_at as "createdAt",
  created_by as "createdBy", expires_at as "expiresAt", settled_at as "settledAt",
  bindings`

export async function latestDeployment(within: Queryable): Promise<StoredDeployment | null> {
  const [row] = await within.query<StoredDeployment>(
    `select ${columns} from deployments order by revision desc limit 1`,
  )
  return row ?? null
}

export async function deploymentOf(within: Queryable, revision: number): Promise<StoredDeployment> {
  const [row] = await within.query<StoredDeployment>(
    `select ${columns} from deployments where revision = $1`,
    [revision],
  )
  if (row === undefined) throw new Failure('deployment.unknown')
  return row
}

export async function lastSettled(within: Queryable): Promise<StoredDeployment | null> {
  const [row] = await within.query<StoredDeployment>(
    `select ${columns} from deployments where settled_at is not null order by revision desc limit 1`,
  )
  return row ?? null
}

export function newestDeployments(within: Queryable, limit: number): Promise<readonly StoredDeployment[]> {
  return within.query<StoredDeployment>(
    `select ${columns} from deployments order by revision desc limit $1`,
    [limit],
  )
}
