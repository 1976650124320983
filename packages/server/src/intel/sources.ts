import type { Micros } from '@tocsin/model'
import type { Principal } from '../access/index.ts'
import { record } from '../audit/index.ts'
import type { Context } from '../context.ts'
import { Failure } from '../http/failure.ts'
import type { Queryable } from '../storage/database.ts'
import { only } from '../storage/where.ts'

/** Where intel comes from. */
export interface IntelSource {
  readonly id: number
  readonly type: string
  readonly name: string
  readonly description: string
  readonly enabled: boolean
  readonly indicatorCount: number
  readonly signalCount: number
  readonly createdAt: Micros
  readonly updatedAt: Micros
}

/** The source of what people and clients upload without naming one. */
export const userUploads = 1

const columns = `s.id, s.type, s.name, s.description, s.enabled, s.created_at as "createdAt", s.updated_at as "updatedAt",
  (select count(*) from documents d where d.source = s.id and d.deleted_at is null and d.kind <> 'tanium-signal')
    as "indicatorCount",
  (select count(*) from documents d where d.source = s.id and d.deleted_at is null and d.kind = 'tanium-signal')
    as "signalCount"`

export function intelSources(within: Queryable): Promise<readonly IntelSource[]> {
  return within.query<IntelSource>(`select ${columns} from sources s order by s.id`)
}

export async function oneSource(within: Queryable, id: number): Promise<IntelSource> {
  const [source] = await within.query<IntelSource>(`select ${columns} from sources s where s.id = $1`, [id])
  if (source === undefined) throw new Failure('source.unknown')
  return source
}

export async function requireSource(within: Queryable, id: number): Promise<void> {
  const rows = await within.query('select from sources where id = $1', [id])
  if (rows.length === 0) throw new Failure('source.unknown')
}

/** Creates a source; one of the same name is given instead: clients create theirs at each start. */
export async function createSource(
  context: Context,
  principal: Principal,
  of: { readonly type: string; readonly name: string; readonly description: string },
): Promise<IntelSource> {
  const id = await context.database.transaction(async (within) => {
    const [made] = await within.query<{ id: number }>(
      `insert into sources (type, name, description, created_at, updated_at) values ($1, $2, $3, $4, $4)
       on conflict (name) do nothing returning id`,
      [of.type, of.name, of.description, context.now()],
    )
    if (made !== undefined) {
      await record(within, principal, 'source.create', made.id, { name: of.name })
      return made.id
    }
    return only(await within.query<{ id: number }>('select id from sources where name = $1', [of.name])).id
  })
  return oneSource(context.database, id)
}
