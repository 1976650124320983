import { answerLimits } from '@tocsin/questions'
import type { Context } from '../context.ts'
import {
  type AskedQuestion,
  joinSavedQuestions,
  questionById,
  takeQuestionsFor,
  takeTargets,
} from '../questions/index.ts'
import type { Session } from './session.ts'
import { tellEach } from './tell-each.ts'

/** Brings questions to endpoints, each once a connection. */
export class QuestionDelivery {
  private readonly context: Context
  private readonly listener: string
  private readonly sessions: ReadonlyMap<string, Session>

  constructor(context: Context, listener: string, sessions: ReadonlyMap<string, Session>) {
    this.context = context
    this.listener = listener
    this.sessions = sessions
  }

  /** What waits for an endpoint that has come. */
  async deliver(session: Session): Promise<void> {
    const { database, now } = this.context
    const { endpoint } = session.peer
    await joinSavedQuestions(database, endpoint, now())
    for (const each of await takeQuestionsFor(database, endpoint, now())) await this.send(session, each)
  }

  async asked(question: number): Promise<void> {
    const { database, now } = this.context
    const asked = await questionById(database, question)
    const targets = await takeTargets(database, { question, listener: this.listener, now: now() })
    await tellEach(this.sessions, targets, (session) => this.send(session, asked))
  }

  private async send(
    session: Session,
    { id, question }: Pick<AskedQuestion, 'id' | 'question'>,
  ): Promise<void> {
    if (session.questions.has(id)) return
    session.questions.add(id)
    await session.send({
      ...{ kind: 'ask', question: id, asked: question },
      ...{ mostRows: answerLimits.rows, mostBytes: answerLimits.bytes, mostMillis: answerLimits.millis },
    })
  }
}
