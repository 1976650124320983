/** What is given up, first to last. What starts as a process is always recorded and matched. */
export const order = ['history', 'scans', 'hashing', 'file events'] as const
export type Degraded = (typeof order)[number]

/** Where the agent stands: of the order, the first `level` parts are given up. Times in ms. */
export interface Standing {
  readonly level: number
  readonly changedAt: number
  readonly overSince: number | null
  readonly calmSince: number | null
}

/** Use as a share of the budget: 1 is all of it. */
export interface Load {
  readonly at: number
  readonly cpu: number
  readonly memory: number
}

export const unburdened: Standing = { level: 0, changedAt: 0, overSince: null, calmSince: null }

const upAfterMs = 10_000
/** Memory grows and falls slowly, and one large file is no trend. */
const upAfterMemoryMs = 60_000
const downAfterMs = 30_000
const calmCpu = 0.7
const calmMemory = 0.9
/** Nothing after scans frees memory. */
const mostForMemory = order.indexOf('scans') + 1
/** Scans that want for memory are not held back for ever: after so long they have a turn. */
const longestForMemoryMs = 300_000

/** One step of the order at a time: up after a while over the budget, down after a longer while well under it. */
export function stand(before: Standing, load: Load): Standing {
  const overSince = isOver(before, load) ? (before.overSince ?? load.at) : null
  const calmSince = isCalm(before, load) ? (before.calmSince ?? load.at) : null
  const patience = load.cpu > 1 ? upAfterMs : upAfterMemoryMs
  if (overSince !== null && load.at - overSince >= patience) return changed(before, load, 1)
  if (calmSince !== null && load.at - calmSince >= downAfterMs) return changed(before, load, -1)
  return { ...before, overSince, calmSince }
}

export function isGivenUp({ level }: Pick<Standing, 'level'>, part: Degraded): boolean {
  return order.indexOf(part) < level
}

function isOver({ level }: Standing, { cpu, memory }: Load): boolean {
  if (cpu > 1) return level < order.length
  return memory > 1 && level < mostForMemory
}

function isCalm({ level, changedAt }: Standing, { at, cpu, memory }: Load): boolean {
  if (level === 0 || cpu >= calmCpu) return false
  return memory < calmMemory || level > mostForMemory || at - changedAt >= longestForMemoryMs
}

/** Each step is waited for anew. */
function changed({ level }: Standing, { at }: Load, step: 1 | -1): Standing {
  return { level: level + step, changedAt: at, overSince: null, calmSince: null }
}
