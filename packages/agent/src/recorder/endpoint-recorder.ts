import type {
  BlindInterval,
  Completion,
  Micros,
  ObjectKind,
  Platform,
  ProcessFacts,
  ProcessKey,
  RecordedEvent,
} from '@tocsin/model'

/** What is told of what happens; an event's actor is told before it. */
export interface RecorderListener {
  readonly onProcess: (facts: ProcessFacts) => void
  readonly onEvent: (event: RecordedEvent) => void
  readonly onCompletion: (completion: Completion, facts: ProcessFacts) => void
  readonly onExit: (key: ProcessKey, at: number) => void
  readonly onBlind: (interval: BlindInterval) => void
  readonly onSourcesChanged: () => void
  /** The system has no room to hold back more: what was told should be kept and settled now. */
  readonly onCrowded?: () => void
  /** Processes that an agent before knew, of which the system tells now. */
  readonly recall?: (keys: readonly ProcessKey[]) => Promise<readonly ProcessFacts[]>
}

/** One source of a recorder. */
export interface SourceState {
  readonly name: string
  readonly running: boolean
  /** Why it does not run, and how to get it. */
  readonly why: string | null
}

/** Every process that is known, with who created it. */
export interface KnownProcesses {
  get(key: ProcessKey): ProcessFacts | undefined
  /** Acting process first, then who created it, and so on. */
  chainOf(key: ProcessKey, most: number): readonly ProcessFacts[]
  all(): readonly ProcessFacts[]
}

/** What the agent needs of the recorder of a platform. */
export interface EndpointRecorder {
  readonly platform: Platform
  readonly table: KnownProcesses
  readonly states: readonly SourceState[]
  /** Object → properties that its events carry here. */
  capabilityEvents(): Readonly<Record<string, readonly string[]>>
  /** Objects of which the system kept everything since then, µs, though no agent ran. */
  keptSince(): ReadonlyMap<ObjectKind, number>
  /** When the agent before had kept all that it was told, if the system knows. */
  settledUntil(): Micros | undefined
  /** All that was told so far is kept on disk: what the system holds back until then it can let go. */
  settled(): void
  /** Hashing waits while it is held back. */
  holdHashing(isHeld: boolean): void
  /** Tells what runs already, and from now on what happens. */
  start(): Promise<void>
  stop(): Promise<void>
}
