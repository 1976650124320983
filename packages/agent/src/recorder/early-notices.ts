import type { ProcessKey } from '@tocsin/model'
import type { KernelNotice } from './linux/bpf/notices.ts'
import type { ProcessTable } from './process-table.ts'

interface Stranger {
  readonly pid: number
  readonly startTicks: number
}

/** Who acts in notices though neither the table nor the notices before tell who it is: it ended while no agent ran. */
export function strangersIn(
  notices: readonly KernelNotice[],
  table: Pick<ProcessTable, 'get' | 'keyOf'>,
): ReadonlyMap<ProcessKey, Stranger> {
  const strangers = new Map<ProcessKey, Stranger>()
  const introduced = new Set<ProcessKey>()
  for (const notice of notices) {
    const { pid, startTicks } = notice
    const key = table.keyOf(pid, startTicks)
    if (notice.kind === 'exec') introduced.add(key)
    // A packet that no process is known to have caused has neither.
    const isKnown = pid === 0 || startTicks === 0 || introduced.has(key) || table.get(key) !== undefined
    if (!isKnown) strangers.set(key, { pid, startTicks })
    if (notice.kind === 'fork') introduced.add(table.keyOf(notice.childPid, notice.childTicks))
  }
  return strangers
}
