import { randomUUID } from 'node:crypto'
import type { EnrolAnswer, EnrolRequest } from '@tocsin/protocol'
import { redeemEnrolmentToken } from '../access/index.ts'
import { recordAs } from '../audit/index.ts'
import type { Context } from '../context.ts'
import { Failure } from '../http/failure.ts'
import { insertEndpoint } from './store.ts'

/**
 * Makes a machine an endpoint: the token is spent, a certificate is issued for a new id.
 * A request that the signer refuses leaves the token unspent.
 */
export async function enrol(context: Context, request: EnrolRequest): Promise<EnrolAnswer> {
  const id = randomUUID()
  return context.database.transaction(async (within) => {
    if (!(await redeemEnrolmentToken(within, request.token, context.now()))) {
      throw new Failure('enrolment.refused')
    }
    const issued = await context.signer.issueEndpoint(request.csr, id).catch((error: unknown) => {
      context.log.info({ error: String(error) }, 'a certificate request was refused')
      throw new Failure('request.malformed', { detail: 'the certificate request is not acceptable' })
    })
    await insertEndpoint(within, { id, serial: plainSerial(issued.serial), at: context.now() })
    await recordAs(within, 'enrolment', 'endpoint.enrol', id, {})
    return {
      endpoint: id,
      certificate: issued.certificate,
      authority: await context.signer.authority(),
      key: await context.signer.programKey(),
    }
  })
}

/** Serials are compared as lower-case hex without leading zeros: libraries print them differently. */
export function plainSerial(serial: string): string {
  return serial
    .toLowerCase()
    .replaceAll(':', '')
    .replace(/^0+(?=.)/, '')
}
