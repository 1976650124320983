export interface JournalLimits {
  readonly bytes: number
  readonly days: number
  /** A segment is sealed when it is so large or so old. */
  readonly segmentBytes: number
  readonly segmentMs: number
}

const usual = { bytes: 1 << 30, days: 30, segmentMs: 3_600_000 }
const largestSegment = 32 << 20

export function limitsOf(wanted: Partial<JournalLimits> = {}): JournalLimits {
  const bytes = wanted.bytes ?? usual.bytes
  return { ...usual, segmentBytes: Math.min(largestSegment, bytes / 16), ...wanted }
}
