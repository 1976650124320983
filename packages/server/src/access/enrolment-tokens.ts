import type { Micros } from '@tocsin/model'
import { record, recordAs } from '../audit/index.ts'
import type { Context } from '../context.ts'
import type { Principal } from '../principal.ts'
import type { Queryable } from '../storage/database.ts'
import { newSecret, secretDigest } from './secrets.ts'

const quarterHour = 15 * 60 * 1_000_000

/** A token that enrols one endpoint within 15 minutes; its text is shown this once. Without a principal the start asks. */
export async function createEnrolmentToken(
  context: Context,
  principal: Principal | undefined,
): Promise<{ readonly token: string; readonly expiresAt: Micros }> {
  const token = `enrol-${newSecret()}`
  const expiresAt = context.now() + quarterHour
  const createdBy = principal?.user.name ?? 'tocsin up'
  await context.database.transaction(async (within) => {
    await within.query('delete from enrolment_tokens where expires_at < $1', [context.now()])
    await within.query(
      'insert into enrolment_tokens (digest, created_by, created_at, expires_at) values ($1, $2, $3, $4)',
      [secretDigest(token), createdBy, context.now(), expiresAt],
    )
    if (principal === undefined) await recordAs(within, createdBy, 'enrolment-token.create', createdBy)
    else await record(within, principal, 'enrolment-token.create', createdBy)
  })
  return { token, expiresAt }
}

/** Uses a token up; false for one that is unknown, used or expired. */
export async function redeemEnrolmentToken(within: Queryable, token: string, now: Micros): Promise<boolean> {
  const rows = await within.query(
    'update enrolment_tokens set used_at = $2 where digest = $1 and used_at is null and expires_at > $2 returning digest',
    [secretDigest(token), now],
  )
  return rows.length > 0
}
