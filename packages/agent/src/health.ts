import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Endpoint } from './endpoint.ts'
import type { LoadedSet } from './intel-store/activation.ts'
import type { Inventory } from './inventory/index.ts'
import type { KnownProcesses } from './recorder/endpoint-recorder.ts'
import type { ScanThread } from './scan/scan-thread.ts'

/** Measuring wakes the agent, so a pause is told as up to this much shorter than it was. */
const resolution = 100
const delay = monitorEventLoopDelay({ resolution })
delay.enable()

export interface HealthOf {
  readonly endpoint: Pick<Endpoint, 'outbox' | 'watch' | 'blindness' | 'connections'>
  readonly table: KnownProcesses
  readonly set: LoadedSet | undefined
  readonly scanThread: Pick<ScanThread, 'quarantinedIn'>
  readonly inventory: Pick<Inventory, 'counts'>
  /** Events since the start. */
  readonly recorded: number
}

/** What an agent tells of itself every ten seconds. */
export function countersOf(of: HealthOf): Record<string, number> {
  const { endpoint, set, inventory } = of
  const { rss } = process.memoryUsage()
  const { user, system } = process.cpuUsage()
  const longestPauseMs = Math.max(0, Math.round(delay.max / 1e6) - resolution)
  delay.reset()
  return {
    ...{ rss, cpuSeconds: (user + system) / 1e6, uptime: process.uptime(), longestPauseMs },
    outbox: endpoint.outbox.size(),
    recorded: of.recorded,
    processes: of.table.all().length,
    programs: set?.programs.length ?? 0,
    refusedPrograms: set?.refused.length ?? 0,
    quarantinedRules: of.scanThread.quarantinedIn().length,
    inconclusive: endpoint.watch.inconclusive(),
    blindIntervals: endpoint.blindness.told,
    connections: endpoint.connections,
    inventoryFiles: inventory.counts.files,
    inventoryUnhashed: inventory.counts.unhashed,
  }
}
