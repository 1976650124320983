import type { Question } from '@tocsin/questions'
import type { AnswerLimits, AnswerOutcome } from './answer-question.ts'
import type { Facts } from './facts.ts'

/** What the thread is started with. */
export interface AnswerThreadData {
  readonly closed: readonly string[]
}

/** A fact that the thread needs from the agent's main thread. */
export type Needed = {
  readonly [Name in keyof Facts]: { readonly name: Name; readonly asked: Parameters<Facts[Name]> }
}[keyof Facts]

export type ToAnswerThread =
  | {
      readonly kind: 'ask'
      readonly question: Question
      readonly limits: AnswerLimits
      readonly millis: number
    }
  | { readonly kind: 'told'; readonly id: number; readonly fact: unknown }
  | { readonly kind: 'untold'; readonly id: number; readonly fault: string }

export type FromAnswerThread =
  | { readonly kind: 'need'; readonly id: number; readonly needed: Needed }
  | { readonly kind: 'outcome'; readonly outcome: AnswerOutcome }
