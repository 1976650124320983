import type { Finding } from '@tocsin/model'
import type { ProgramOrigin } from '../intel/index.ts'

/** A finding as an endpoint sent it. */
export interface Report {
  readonly endpoint: string
  readonly finding: Finding
  /** Findings of this program that the endpoint only counted. */
  readonly throttled: number
}

/** A report with the revision that its program was made of, as this server knows it. */
export interface Attributed {
  readonly report: Report
  readonly origin: ProgramOrigin
}

/** What is about to be stored. */
export interface Raised extends Attributed {
  readonly guid: string
  /** Beyond the flood limit: only counted on another alert. */
  readonly countedOnly: boolean
}

export function keyOf({ endpoint, finding }: Report): string {
  return `${endpoint} ${finding.id}`
}
