import type { Digest } from '@tocsin/model'
import type { Findings } from '../lowering/findings.ts'
import type { Parameters } from './parameters.ts'

/** What the readers of one document share. */
export interface IocReader {
  readonly findings: Findings
  /** Generated rules go here. */
  readonly blobs: Map<Digest, Uint8Array>
  readonly parameters: Parameters
}
