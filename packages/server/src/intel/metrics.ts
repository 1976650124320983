import { Counter, Gauge, type Registry } from 'prom-client'
import type { Context } from '../context.ts'
import type { Queryable } from '../storage/database.ts'
import { only } from '../storage/where.ts'

export interface IntelMetrics {
  /** Uploads that were not compared with all other documents. */
  readonly uncompared: Counter
}

const known = new WeakMap<Registry, IntelMetrics>()

export function intelMetrics({ metrics, database }: Context): IntelMetrics {
  return known.get(metrics) ?? registerIntelMetrics(metrics, () => silentDocuments(database))
}

/** Registers what is counted of intel; `silent` is asked whenever somebody reads the metrics. */
export function registerIntelMetrics(registry: Registry, silent: () => Promise<number>): IntelMetrics {
  const registers = [registry]
  new Gauge({
    name: 'tocsin_intel_silent_documents',
    help: 'Deployed documents that no enrolled endpoint can evaluate',
    registers,
    async collect() {
      this.set(await silent().catch(() => Number.NaN))
    },
  })
  const uncompared = new Counter({
    name: 'tocsin_intel_uncompared_total',
    help: 'Uploads that were not compared with all other documents for want of time',
    registers,
  })
  known.set(registry, { uncompared })
  return { uncompared }
}

/** Programs of the newest deployment that are out of reach of every endpoint; what is not computed yet does not count. */
async function silentDocuments(within: Queryable): Promise<number> {
  const rows = await within.query<{ count: number }>(
    `select count(*)::int as count
     from unnest((select programs from deployments order by revision desc limit 1)) as p(program)
     where exists (select from endpoints where revoked_at is null and profile is not null)
       and not exists (
         select from (select distinct profile from endpoints where revoked_at is null and profile is not null) e
         left join coverage c on c.profile = e.profile and c.program = p.program
         where c.program is null or c.live <> 'never' or c.scan <> 'never' or c.history <> 'never')`,
  )
  return only(rows).count
}
