import type {
  BlindInterval,
  Completion,
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
  /** Hashing waits while it is held back. */
  holdHashing(isHeld: boolean): void
  /** Tells what runs already, and from now on what happens. */
  start(): Promise<void>
  stop(): Promise<void>
}
