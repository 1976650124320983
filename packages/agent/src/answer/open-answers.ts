import type { Assured } from '../uplink/assured.ts'
import { type AgentParts, agentFacts } from './agent-facts.ts'
import { AnswerThread } from './answer-thread.ts'
import { Answers } from './answers.ts'

/** Answers from this machine; `closed` are folders that no sensor opens. */
export function openAnswers(parts: AgentParts, assured: Assured, closed: readonly string[]): Answers {
  return new Answers({ thread: new AnswerThread(agentFacts(parts), closed), assured })
}
