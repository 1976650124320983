import type { FromServer } from '@tocsin/protocol'
import type { Row } from '@tocsin/questions'
import type { Assured } from '../uplink/assured.ts'
import { type AnswerOutcome, failed } from './answer-question.ts'
import type { AnswerThread } from './answer-thread.ts'

export type AskRequest = Extract<FromServer, { readonly kind: 'ask' }>

export interface AnswersOptions {
  readonly thread: Pick<AnswerThread, 'answer' | 'close'>
  readonly assured: Pick<Assured, 'put' | 'holds'>
}

const mostWaiting = 50
/** One frame of an answer holds no more. */
const frame = { rows: 500, units: 64_000 } as const

// Limit: a question is not held back by the agent's budget: it runs at the lowest priority, for a minute at most.
// Limit: of an answer that a restart of the agent cuts in two, the parts may be of different times.
/** Questions that the server asks, one after the other; each answer goes back in frames that are kept until accepted. */
export class Answers {
  private readonly options: AnswersOptions
  private readonly asked = new Set<number>()
  private queue: Promise<unknown> = Promise.resolve()
  private isClosed = false

  constructor(options: AnswersOptions) {
    this.options = options
  }

  /** The server may ask again after each connection. */
  request(request: AskRequest): void {
    const { question } = request
    if (this.asked.has(question) || this.isOnItsWay(question)) return
    if (this.asked.size >= mostWaiting) {
      this.tell(question, failed('too many questions wait here'), 0)
      return
    }
    this.asked.add(question)
    this.queue = this.queue.then(() => this.answer(request))
  }

  async close(): Promise<void> {
    this.isClosed = true
    await this.options.thread.close()
  }

  private async answer({ question, asked, mostRows, mostBytes, mostMillis }: AskRequest): Promise<void> {
    if (this.isClosed) return
    const begin = performance.now()
    const limits = { mostRows, mostBytes }
    const outcome = await this.options.thread
      .answer({ question: asked, limits, millis: mostMillis })
      .catch((error: unknown) => failed(String(error)))
    this.asked.delete(question)
    if (!this.isClosed) this.tell(question, outcome, Math.round(performance.now() - begin))
  }

  private tell(question: number, { state, rows, isCut, notes }: AnswerOutcome, took: number): void {
    const frames = framesOf(rows)
    for (const [index, part] of frames.entries()) {
      const last = index === frames.length - 1
      this.options.assured.put(nameOf(question, index), {
        ...{ kind: 'answer', question, index, last, state, took, cut: isCut },
        notes: notes.slice(0, 20).map((note) => note.slice(0, 300)),
        rows: part.map((row) => [...row]),
      })
    }
  }

  private isOnItsWay(question: number): boolean {
    return Array.from({ length: mostFrames }, (_, index) => index).some((index) =>
      this.options.assured.holds(nameOf(question, index)),
    )
  }
}

const mostFrames = 64

/** At least one, so that an answer without rows is told, too. */
function framesOf(rows: readonly Row[]): readonly (readonly Row[])[] {
  const frames: Row[][] = [[]]
  let units = 0
  for (const row of rows) {
    const size = JSON.stringify(row).length
    const current = frames.at(-1) ?? []
    if (current.length > 0 && (current.length >= frame.rows || units + size > frame.units)) {
      frames.push([])
      units = 0
    }
    frames.at(-1)?.push(row)
    units += size
  }
  return frames
}

function nameOf(question: number, index: number): string {
  return `answer ${question} ${index}`
}
