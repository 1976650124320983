import { type ProcessView, viewOf } from '@tocsin/engine'
import type { ProcessFacts } from '@tocsin/model'
import { isFirst } from '@tocsin/telemetry/processes.ts'

/** Of more ancestors a condition reads only the nearest. */
export const longestChain = 64

/** A process with who created it; the chain is complete where it ends at the first process of the system. */
export function viewOfChain(chain: readonly ProcessFacts[]): ProcessView | undefined {
  const top = chain.at(-1)
  return viewOf(chain, top !== undefined && top.parent === null && isFirst(top))
}
