import { Gauge, type Registry } from 'prom-client'
import type { Queryable } from '../storage/database.ts'

/** What agents hold back, by the level that they tell. */
const held = ['nothing', 'history', 'scans', 'hashing', 'file events'] as const

/** Shows how the connected endpoints keep to their budgets, without naming any. */
export function endpointMetrics(registry: Registry, database: Queryable): void {
  const registers = [registry]
  new Gauge({
    name: 'tocsin_endpoints_held_back',
    help: 'Connected endpoints by the last part that their budget makes them hold back',
    labelNames: ['part'],
    registers,
    async collect() {
      const counts = await levels(database).catch(() => new Map<number, number>())
      for (const [level, part] of held.entries()) this.set({ part }, counts.get(level) ?? 0)
    },
  })
  for (const [name, counter, help] of [
    ['tocsin_endpoints_most_cpu_cores', 'cpuCores', 'Cores that the busiest connected agent uses'],
    ['tocsin_endpoints_most_memory_bytes', 'memory', 'Memory of the largest connected agent'],
  ] as const) {
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        this.set(await mostOf(database, counter).catch(() => Number.NaN))
      },
    })
  }
}

async function levels(database: Queryable): Promise<ReadonlyMap<number, number>> {
  const rows = await database.query<{ level: number; count: number }>(
    `select least(greatest(coalesce((counters->>'budgetLevel')::float8, 0), 0), ${held.length - 1})::int as level, count(*)::int as count from endpoints
     where connected and revoked_at is null group by 1`,
  )
  return new Map(rows.map(({ level, count }) => [level, count]))
}

async function mostOf(database: Queryable, counter: string): Promise<number> {
  const [row] = await database.query<{ most: number | null }>(
    `select max((counters->>$1)::float8) as most from endpoints where connected and revoked_at is null`,
    [counter],
  )
  return row?.most ?? 0
}
