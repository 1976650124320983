import type { Capability, Finding } from '@tocsin/model'
import { type FromAgent, keyIdOf } from '@tocsin/protocol'
import type { Report } from '../alerts/index.ts'
import { saveBacktestProgress, saveBacktestResult } from '../backtests/index.ts'
import type { Context } from '../context.ts'
import { activated, refused } from '../deployments/index.ts'
import { arrive, changeCapability, saveBlindIntervals, saveCounters } from '../endpoints/index.ts'
import type { AnswerPart } from '../questions/index.ts'
import { saveProgress } from '../scans/index.ts'
import type { BacktestDelivery } from './backtest-delivery.ts'
import type { BatchQueue } from './batch-queue.ts'
import type { Distribution } from './distribution.ts'
import { turnedAway } from './peer.ts'
import type { QuestionDelivery } from './question-delivery.ts'
import type { ScanDelivery } from './scan-delivery.ts'
import type { Session } from './session.ts'

/** What messages are handed on to. */
export interface Receiver {
  readonly context: Context
  readonly listener: string
  readonly findings: BatchQueue<Report>
  readonly distribution: Distribution
  readonly scans: ScanDelivery
  readonly backtests: BacktestDelivery
  readonly questions: QuestionDelivery
  readonly answers: BatchQueue<AnswerPart>
}

/** Handles one message of an endpoint; it is accepted once what it says is durable. */
export async function receive(on: Receiver, session: Session, message: FromAgent): Promise<void> {
  const { context } = on
  const { endpoint } = session.peer
  switch (message.kind) {
    case 'hello':
      return welcome(on, session, message)
    case 'capability':
      await changeCapability(context, endpoint, message.capability as Capability)
      break
    case 'activated':
      await activated(context, endpoint, message)
      on.distribution.done(session)
      await on.scans.deliver(session)
      break
    case 'refused':
      await refused(context, endpoint, message)
      on.distribution.done(session)
      break
    case 'findings':
      await on.findings.push(
        message.items.map(({ finding, throttled }) => ({
          endpoint,
          finding: finding as Finding,
          throttled,
        })),
      )
      break
    case 'blind':
      await saveBlindIntervals(context, endpoint, message.items)
      break
    case 'scan-progress':
      await saveProgress(context, endpoint, message)
      break
    case 'backtest-progress':
      return saveBacktestProgress(context, endpoint, message)
    case 'backtest-result':
      await saveBacktestResult(context, endpoint, message)
      break
    case 'answer':
      await on.answers.push([{ endpoint, answer: message }])
      break
    case 'health':
      return saveCounters(context, endpoint, message.counters)
  }
  await session.send({ kind: 'accepted', of: message.n })
}

async function welcome(
  on: Receiver,
  session: Session,
  hello: Extract<FromAgent, { readonly kind: 'hello' }>,
): Promise<void> {
  const { context } = on
  const { endpoint } = session.peer
  const turning = await turnedAway(context.database, session.peer) // revoked since the connection began
  if (turning !== null) return session.end(turning)
  await arrive(context, endpoint, { ...hello, capability: hello.capability as Capability }, on.listener)
  const key = await context.signer.programKey()
  await session.send({ kind: 'welcome', endpoint, time: context.now(), key, keyId: keyIdOf(key) })
  session.profile = hello.profile
  if (hello.revision > 0) await activated(context, endpoint, { ...hello, refused: null })
  await on.distribution.offer(session, hello.revision)
  await on.scans.deliver(session)
  await on.backtests.deliver(session)
  await on.questions.deliver(session)
}
