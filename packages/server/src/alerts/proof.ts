import type { alertProof } from '@tocsin/api/v1/alerts.ts'
import type { Digest, Program } from '@tocsin/model'
import type { z } from 'zod'
import type { Context } from '../context.ts'
import { deploymentOf } from '../deployments/index.ts'
import { objectBytes } from '../intel/index.ts'
import { isoTime } from '../storage/times.ts'
import { oneAlert } from './find.ts'

type Proof = z.input<(typeof alertProof)['answer']>

/** An alert with everything that shows it is right: what was signed, what ran, what was seen. */
export async function proofOf(
  context: Context,
  id: number,
  groups: readonly number[] | undefined,
): Promise<Proof> {
  const { guid, computerName, raisedAt, finding } = await oneAlert(context.database, id, groups)
  const deployment = await deploymentOf(context.database, finding.deployment)
  const program = (await parsedObject(context, finding.program)) as Program & Proof['program']
  const blobs = await Promise.all(
    program.blobs.map(
      async (digest) => [digest, Buffer.from(await bytesOf(context, digest)).toString('base64')] as const,
    ),
  )
  return {
    alert: { id, guid, computerName, raisedAt: isoTime(raisedAt) },
    finding: { ...finding },
    program,
    manifest: (await parsedObject(context, deployment.digest)) as Proof['manifest'],
    signature: deployment.signature,
    publicKey: await context.signer.programKey(),
    blobs: Object.fromEntries(blobs),
  }
}

async function parsedObject(context: Context, digest: Digest): Promise<unknown> {
  return JSON.parse(new TextDecoder().decode(await bytesOf(context, digest)))
}

async function bytesOf(context: Context, digest: Digest): Promise<Uint8Array> {
  const bytes = await objectBytes(context.database, digest)
  if (bytes === null) throw new Error(`the object ${digest} is gone`)
  return bytes
}
