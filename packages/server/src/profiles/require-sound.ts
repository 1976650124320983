import { redactorOf } from '@tocsin/engine'
import { Failure } from '../http/failure.ts'
import type { FailureCode } from '../http/failures.ts'
import type { Queryable } from '../storage/database.ts'
import type { ProfileFacts } from './profile.ts'

/** Refuses a profile that names what is not there, or whose patterns nobody could run. */
export async function requireSound(
  within: Queryable,
  { intel, groups, recorder }: Pick<ProfileFacts, 'intel' | 'groups' | 'recorder'>,
): Promise<void> {
  for (const pattern of recorder.redact) requirePattern(pattern)
  await requireAll(within, groups, {
    table: 'computer_groups',
    alive: 'deleted_at is null',
    code: 'group.unknown',
  })
  if (intel === 'all') return
  await requireAll(within, intel.sources, { table: 'sources', alive: 'true', code: 'source.unknown' })
  await requireAll(within, intel.labels, { table: 'labels', alive: 'true', code: 'label.unknown' })
  await requireAll(within, intel.documents, {
    table: 'documents',
    alive: 'deleted_at is null',
    code: 'intel.unknown',
  })
}

function requirePattern(pattern: string): void {
  try {
    redactorOf([pattern])
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Failure('profile.bad-pattern', { detail: `${pattern}: ${why}`.slice(0, 500) })
  }
}

async function requireAll(
  within: Queryable,
  ids: readonly number[],
  { table, alive, code }: { readonly table: string; readonly alive: string; readonly code: FailureCode },
): Promise<void> {
  const [missing] = await within.query<{ id: number }>(
    `select x.id from unnest($1::int[]) x (id)
     where not exists (select from ${table} t where t.id = x.id and ${alive}) limit 1`,
    [ids],
  )
  if (missing !== undefined) throw new Failure(code, { detail: `id ${missing.id}` })
}
