import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { takeOrders } from '../recorder/end-worker.ts'
import type { AnswerThreadData, FromAnswerThread, Needed, ToAnswerThread } from './answer-messages.ts'
import { answerQuestion, failed } from './answer-question.ts'
import type { Facts } from './facts.ts'
import { Gathering } from './gather.ts'

/** The thread that reads sensors: it yields to all others, and one that needs too much memory ends alone. */
const lowest = 19
setPriority(lowest) // Linux counts it by thread

const { closed } = workerData as AnswerThreadData
const say = (message: FromAnswerThread) => parentPort?.postMessage(message)
const waiting = new Map<number, { resolve(fact: unknown): void; reject(error: Error): void }>()
let lastId = 0

/** Asks the main thread; what comes back is what the name says, as both are of one program. */
function need<Fact>(needed: Needed): Promise<Fact> {
  lastId += 1
  const id = lastId
  return new Promise<Fact>((resolve, reject) => {
    waiting.set(id, { resolve: (fact) => resolve(fact as Fact), reject })
    say({ kind: 'need', id, needed })
  })
}

const facts: Facts = {
  processes: () => need({ name: 'processes', asked: [] }),
  events: (question) => need({ name: 'events', asked: [question] }),
  blindIntervals: (from, to) => need({ name: 'blindIntervals', asked: [from, to] }),
  status: () => need({ name: 'status', asked: [] }),
  redacted: () => need({ name: 'redacted', asked: [] }),
}

takeOrders((message: ToAnswerThread) => {
  if (message.kind === 'ask') void answer(message)
  else {
    const { id } = message
    const asker = waiting.get(id)
    waiting.delete(id)
    if (message.kind === 'told') asker?.resolve(message.fact)
    else asker?.reject(new Error(message.fault))
  }
})

async function answer({ question, limits, millis }: Extract<ToAnswerThread, { kind: 'ask' }>): Promise<void> {
  const abort = AbortSignal.timeout(millis)
  const millisPerSensor = Math.max(1_000, Math.floor(millis / 3))
  const gathering = new Gathering({ facts, abort, closed, millisPerSensor })
  const outcome = await answerQuestion(question, gathering, limits).catch((error: unknown) =>
    failed(error instanceof Error ? error.message : String(error)),
  )
  say({ kind: 'outcome', outcome })
}
