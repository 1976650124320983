import type { BlindInterval, Platform } from '@tocsin/model'
import type { Step } from '@tocsin/telemetry'

/** What a source does with what it reads. */
export interface StepListener {
  readonly onSteps: (steps: readonly Step[]) => void
  readonly onBlind: (interval: BlindInterval) => void
  /** It runs, or why it does not, and how to get it; until one is told it runs. */
  readonly onState: (why: string | null) => void
}

/** A source that tells processes and events as steps: a log of the system, another program, or a file. */
export interface StepSource {
  readonly name: string
  readonly platform: Platform
  /** Object → properties that its events carry. */
  readonly events: Readonly<Record<string, readonly string[]>>
  /** Begins to tell, and goes on trying where it cannot; throws only where it never will. */
  start(listener: StepListener): Promise<Started>
  stop(): Promise<void>
}

export interface Started {
  /** What happened while no agent ran is told too. */
  readonly isContinued: boolean
}
