import type { Context } from '../context.ts'
import { type AnswerPart, saveAnswers } from '../questions/index.ts'
import { BatchQueue } from './batch-queue.ts'
import type { UplinkCounters } from './counters.ts'

/** Counts answers of all connections. */
export function answerQueue(context: Context, counters: UplinkCounters): BatchQueue<AnswerPart> {
  return new BatchQueue({
    most: 100,
    onPushed: (parts) => {
      counters.answers += parts
    },
    store: async (parts) => {
      counters.answerRows += await saveAnswers(context, parts)
    },
    onDropped: ({ endpoint, answer: { question } }, error) => {
      counters.dropped += 1
      context.log.error({ err: error, endpoint, question }, 'an answer cannot be stored')
    },
  })
}
