import { listAudit } from '@tocsin/api/v1/audit.ts'
import { type Route, route } from '../http/serve.ts'
import { isoTime } from '../storage/times.ts'
import { Where } from '../storage/where.ts'

interface Row {
  readonly id: number
  readonly at: number
  readonly actor: string
  readonly act: string
  readonly object: string
  readonly detail: Record<string, unknown>
}

export const routes: readonly Route[] = [
  route(listAudit, async ({ context, query }) => {
    const where = new Where()
      .when(query.act, (act) => `act = ${act}`)
      .when(query.object, (object) => `object = ${object}`)
      .when(query.before, (before) => `id < ${before}`)
    const rows = await context.database.query<Row>(
      `select id, at, actor, act, object, detail from audit_entries ${where.sql} order by id desc limit ${where.value(query.limit)}`,
      where.parameters,
    )
    return { items: rows.map((row) => ({ ...row, at: isoTime(row.at) })) }
  }),
]
