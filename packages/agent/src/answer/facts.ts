import type { BlindInterval, Micros, ProcessFacts } from '@tocsin/model'
import type { HistoryPage, HistoryQuestion } from '../journal/questions.ts'

/** An intel document of the active set, as this endpoint runs it. */
export interface IntelHere {
  readonly id: number
  readonly name: string | null
  readonly revision: number
  /** Why it does not run, or not all of it; nothing where it runs. */
  readonly refused: string | null
}

/** What the agent says of itself. */
export interface AgentStatus {
  /** Id of the endpoint. */
  readonly endpoint: string
  readonly facts: readonly (readonly [fact: string, value: string])[]
  readonly intel: readonly IntelHere[]
}

/** What only the agent's main thread knows; a sensor asks it, and waits. */
export interface Facts {
  processes(): Promise<readonly ProcessFacts[]>
  events(question: HistoryQuestion): Promise<HistoryPage>
  blindIntervals(from: Micros, to: Micros): Promise<readonly BlindInterval[]>
  status(): Promise<AgentStatus>
  /** RE2 patterns of what the profile has blacked out of command lines. */
  redacted(): Promise<readonly string[]>
}
