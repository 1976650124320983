import { type Report, raise } from '../alerts/index.ts'
import type { Context } from '../context.ts'
import { BatchQueue } from './batch-queue.ts'
import type { UplinkCounters } from './counters.ts'

/** Raises alerts of the findings of all connections. */
export function findingQueue(context: Context, counters: UplinkCounters): BatchQueue<Report> {
  return new BatchQueue({
    most: 1_000,
    onPushed: (reports) => {
      counters.findings += reports
    },
    store: async (reports) => {
      const { raised, foreign } = await raise(context, reports)
      counters.raised += raised.length
      counters.foreign += foreign
    },
    onDropped: ({ finding }, error) => {
      counters.dropped += 1
      context.log.error({ err: error, finding: finding.id }, 'a finding cannot be stored')
    },
  })
}
