import { canonicalBytes, digestOfBytes, type Manifest, type Micros } from '@tocsin/model'
import { keyIdOf } from '@tocsin/protocol'
import type { Principal } from '../access/index.ts'
import { record } from '../audit/index.ts'
import type { Context } from '../context.ts'
import { saveObjects } from '../intel/index.ts'
import type { Queryable } from '../storage/database.ts'
import { storableJson } from '../storage/json.ts'
import { only } from '../storage/where.ts'
import { type Content, contentDigest, contentOfNow, contentOfRevision, sizeOf } from './content.ts'
import { settleSoon } from './status.ts'
import { latestDeployment, type StoredDeployment } from './store.ts'

const day = 24 * 60 * 60 * 1_000_000
const lifetime = 90 * day
/** A set is signed anew, though unchanged, when so little of its life is left. */
const renewal = 30 * day

export interface Deployed {
  readonly revision: number
  /** False: the same content is deployed already. */
  readonly changed: boolean
}

/** Brings the programs of all live documents to the endpoints; without changes, nothing happens. */
export function deploy(context: Context, principal: Principal): Promise<Deployed> {
  return deployContent(context, principal, contentOfNow)
}

/** Brings what an older deployment brought, under a new revision; endpoints refuse to go back. */
export function rollBack(context: Context, principal: Principal, revision: number): Promise<Deployed> {
  return deployContent(context, principal, (within) => contentOfRevision(within, revision))
}

/** One at a time: who comes while another deploys waits, and finds its work done. */
async function deployContent(
  context: Context,
  principal: Principal,
  read: (within: Queryable) => Promise<Content>,
): Promise<Deployed> {
  const deployed = await context.database.transaction(async (within) => {
    await within.query('select pg_advisory_xact_lock(7402340)')
    const content = await read(within)
    const latest = await latestDeployment(within)
    if (latest !== null && isStillGood(latest, content, context.now())) {
      return { revision: latest.revision, changed: false }
    }
    const revision = await insertDeployment(context, within, principal, { content, latest })
    await record(within, principal, 'intel.deploy', revision, { programs: content.programs.length })
    return { revision, changed: true }
  })
  if (!deployed.changed) return deployed
  await context.bus.publish('deployed', { revision: deployed.revision })
  settleSoon(context) // where no endpoint is there, none will say anything
  return deployed
}

function isStillGood(latest: StoredDeployment, content: Content, now: Micros): boolean {
  return latest.content === contentDigest(content) && latest.expiresAt - now > renewal
}

async function insertDeployment(
  context: Context,
  within: Queryable,
  principal: Principal,
  { content, latest }: { readonly content: Content; readonly latest: StoredDeployment | null },
): Promise<number> {
  const now = context.now()
  const { manifest, signature } = await signed(context, within, {
    contract: 1,
    previous: latest?.revision ?? 0,
    issuedAt: now,
    expiresAt: now + lifetime,
    keyId: keyIdOf(await context.signer.programKey()),
    programs: content.programs,
    settings: content.settings,
    ...(content.profiles === undefined ? {} : { profiles: content.profiles }),
  })
  const bytes = canonicalBytes(manifest)
  const digest = digestOfBytes(bytes)
  await saveObjects(within, [{ digest, bytes }])
  await within.query(
    `insert into deployments
       (revision, digest, signature, content, previous, programs, blobs, size, created_at, created_by, expires_at, bindings)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      manifest.revision,
      digest,
      signature,
      contentDigest(content),
      manifest.previous,
      content.programs.map((program) => program.digest),
      content.blobs,
      await sizeOf(within, content),
      now,
      principal.user.name,
      manifest.expiresAt,
      storableJson(content.bindings),
    ],
  )
  return manifest.revision
}

/**
 * The signer signs no revision twice. A database that was restored from a backup is behind it:
 * the revision then continues above the one that the signer names.
 */
async function signed(
  context: Context,
  within: Queryable,
  manifest: Omit<Manifest, 'revision'>,
): Promise<{ readonly manifest: Manifest; readonly signature: string }> {
  const attempt = async () => {
    const { revision } = only(
      await within.query<{ revision: number }>("select nextval('deployment_revisions') as revision"),
    )
    const numbered: Manifest = { ...manifest, revision }
    return { manifest: numbered, signature: await context.signer.signManifest(numbered) }
  }
  try {
    return await attempt()
  } catch (error) {
    const last = /is not above (\d{1,15})$/.exec(error instanceof Error ? error.message : '')?.[1]
    if (last === undefined) throw error
    await within.query("select setval('deployment_revisions', $1)", [Number(last)])
    return attempt()
  }
}
