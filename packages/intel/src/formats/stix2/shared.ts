import type { Digest } from '@tocsin/model'
import type { YaraValidator } from '../../document.ts'
import type { Remarks } from './remarks.ts'

/** What the readers of one document share. */
export interface Shared {
  readonly yara: YaraValidator
  readonly blobs: Map<Digest, Uint8Array>
  readonly remarks: Remarks
}
