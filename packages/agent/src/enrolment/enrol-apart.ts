import { once } from 'node:events'
import { startWorker } from '../recorder/start-worker.ts'
import { type Identity, keptIdentity } from './kept-identity.ts'
import type { EnrolmentData } from './thread.ts'

/** Enrols in a thread that ends with it: what makes certificates is large, and needed once. */
export async function enrolApart(data: EnrolmentData): Promise<Identity> {
  await once(startWorker('enrolment', data), 'exit') // what it throws is thrown here
  const identity = await keptIdentity(data.stateDir)
  if (identity === undefined) throw new Error('enrolment left no identity')
  return identity
}
