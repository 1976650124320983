import { availableParallelism } from 'node:os'

/** What the agent may use: itself, its threads and its children together. */
export interface Budget {
  /** CPU seconds in a second. */
  readonly cores: number
  /** Memory that is the agent's alone: without the pages of its program and the kernel's ring, which the kernel has anyway. */
  readonly memoryBytes: number
}

/** Of all cores together. */
const shareOfMachine = 0.05
const mostCores = 1
const memoryBytes = 200 << 20
/** The rest is for what is recorded and matched meanwhile. */
const shareOfScans = 0.8
/** Of what scans may use. */
const shareOfInventory = 0.4

// Limit: the budget is the same on every endpoint; neither a deployment nor an operator sets another.
export function usualBudget(cores = availableParallelism()): Budget {
  return { cores: Math.min(mostCores, cores * shareOfMachine), memoryBytes }
}

/** CPU seconds in a second that scans keep to from their start. */
export function coresForScans({ cores }: Budget): number {
  return cores * shareOfScans
}

/** CPU seconds in a second that the inventory keeps to: a walk has time, and a scan may run beside it. */
export function coresForInventory(budget: Budget): number {
  return coresForScans(budget) * shareOfInventory
}
