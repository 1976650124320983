import type { Principal } from '../access/index.ts'
import { record } from '../audit/index.ts'
import type { Context } from '../context.ts'
import { reachOf, scopeOf } from './policy.ts'
import { questionById } from './store.ts'

/** Removes a question with its answers, by who might have asked it. */
export async function removeQuestion(context: Context, principal: Principal, id: number): Promise<void> {
  const { text, groups, name } = await questionById(context.database, id, reachOf(principal))
  if (groups === null) scopeOf(principal, null, false)
  for (const group of groups ?? []) scopeOf(principal, group, false)
  await context.database.transaction(async (within) => {
    await within.query('delete from questions where id = $1', [id])
    await record(within, principal, 'question.remove', id, { text, name })
  })
}
