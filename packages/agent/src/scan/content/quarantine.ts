/** A rule that is set aside on this endpoint, with the reason. */
export interface Quarantined {
  /** Digest of the rule text. */
  readonly source: string
  /** Nothing: the text as a whole. */
  readonly rule: string | null
  readonly code: 'rule.too-slow' | 'rule.refused'
  readonly message: string
}

/** What is set aside, by text. Kept by the caller, so that a rule is found guilty once and not at every scan. */
export class Quarantine {
  private readonly bySource = new Map<string, Quarantined[]>()
  private readonly onAdded: (entry: Quarantined) => void

  constructor(known: readonly Quarantined[], onAdded: (entry: Quarantined) => void) {
    this.onAdded = onAdded
    for (const entry of known) this.note(entry)
  }

  of(source: string): readonly Quarantined[] {
    return this.bySource.get(source) ?? []
  }

  /** Whether this text, or this rule of it, does not run here. */
  holds(source: string, rule?: string): boolean {
    return this.of(source).some((entry) => entry.rule === null || rule === undefined || entry.rule === rule)
  }

  add(entry: Quarantined): void {
    if (this.of(entry.source).some(({ rule }) => rule === entry.rule)) return
    this.note(entry)
    this.onAdded(entry)
  }

  private note(entry: Quarantined): void {
    this.bySource.set(entry.source, [...this.of(entry.source), entry])
  }
}
