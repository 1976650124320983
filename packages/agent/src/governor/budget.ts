import { availableParallelism } from 'node:os'
import { type AgentBudget, usualBudget } from '@tocsin/model'

/** What the agent may use on this machine: itself, its threads and its children together. */
export interface Budget {
  /** CPU seconds in a second. */
  readonly cores: number
  /** Memory that is the agent's alone: without the pages of its program and the kernel's ring, which the kernel has anyway. */
  readonly memoryBytes: number
}

const mostCores = 1
/** The rest is for what is recorded and matched meanwhile. */
const shareOfScans = 0.8
/** Of what scans may use. */
const shareOfInventory = 0.4

/** What the settings of a set come to on a machine with so many cores. */
export function budgetOf(
  { cpuPercent, memoryMiB }: AgentBudget = usualBudget,
  cores = availableParallelism(),
): Budget {
  return { cores: Math.min(mostCores, (cores * cpuPercent) / 100), memoryBytes: memoryMiB * 2 ** 20 }
}

/** CPU seconds in a second that scans keep to from their start. */
export function coresForScans({ cores }: Budget): number {
  return cores * shareOfScans
}

/** CPU seconds in a second that the inventory keeps to: a walk has time, and a scan may run beside it. */
export function coresForInventory(budget: Budget): number {
  return coresForScans(budget) * shareOfInventory
}
