import type { ProcessFacts } from '@tocsin/model'
import { startTicksOf } from '../recorder/linux/proc.ts'
import type { Tools } from './answerer.ts'
import { numberIn } from './cells.ts'

export interface Running {
  readonly pid: number
  readonly facts: ProcessFacts
}

/** Processes of the recorder's table that still run. */
export async function runningNow({ facts }: Tools): Promise<readonly Running[]> {
  return (await facts.processes()).flatMap((each) => {
    const pid = numberIn(each.fields, 'process.pid')
    return each.endedAt === null && pid !== undefined && isStill(each, pid) ? [{ pid, facts: each }] : []
  })
}

/** A pid may have been given to another process meanwhile. */
function isStill({ key }: ProcessFacts, pid: number): boolean {
  const ticks = startTicksOf(pid)?.startTicks
  return ticks !== undefined && key.endsWith(`:${ticks}`)
}
