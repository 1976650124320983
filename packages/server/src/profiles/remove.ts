import { shippedProfile } from '@tocsin/model'
import type { Principal } from '../access/index.ts'
import { record } from '../audit/index.ts'
import type { Context } from '../context.ts'
import { Failure } from '../http/failure.ts'
import { profileById } from './store.ts'

/** Takes a profile away; endpoints keep it until the next deployment. */
export async function removeProfile(context: Context, principal: Principal, id: number): Promise<void> {
  await context.database.transaction(async (within) => {
    const { name } = await profileById(within, id)
    if (id === shippedProfile) throw new Failure('profile.shipped')
    await within.query('delete from profiles where id = $1', [id])
    await record(within, principal, 'profile.delete', id, { name })
  })
}
