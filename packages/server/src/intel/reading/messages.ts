import type { Hints, IntelDocument, RelatedKeys } from '@tocsin/intel'
import type { Coverage, Diagnostic, Digest, Span } from '@tocsin/model'
import type { CoverageRow, Profile } from '../../endpoints/index.ts'

/** What the server keeps of a document that was read. */
export interface ReadDocument extends Omit<IntelDocument, 'subject' | 'condition' | 'origins' | 'blobs'> {
  readonly md5: string
  readonly size: number
  /** SHA-256 of body, name and platforms: what makes an upload the same document. */
  readonly identity: string
  /** Node path → place in the contents. */
  readonly origins: Readonly<Record<string, Span>>
}

export interface ReadResult {
  readonly document: ReadDocument | null
  /** By which related documents are found. */
  readonly keys: RelatedKeys
  readonly diagnostics: readonly Diagnostic[]
}

export interface CompiledProgram {
  readonly digest: Digest
  readonly bytes: Uint8Array
  readonly blobs: readonly { readonly digest: Digest; readonly bytes: Uint8Array }[]
  readonly coverage: readonly CoverageRow[]
}

export type ToReader =
  | { readonly kind: 'read'; readonly bytes: Uint8Array; readonly hints: Hints }
  /** Compiles what was read last. */
  | {
      readonly kind: 'compile'
      readonly id: number
      readonly revision: number
      readonly profiles: readonly Profile[]
    }
  /** Compares what was read last with other documents, for at most so many ms. */
  | { readonly kind: 'relate'; readonly candidates: readonly RelatedCandidate[]; readonly forMs: number }
  | { readonly kind: 'cover'; readonly programs: readonly StoredProgram[]; readonly profile: Profile }

export interface RelatedCandidate {
  readonly id: number
  readonly name: string
  /** Of its program. */
  readonly bytes: Uint8Array
}

export interface RelatedRemarks {
  readonly diagnostics: readonly Diagnostic[]
  /** False: the time was up before all were compared. */
  readonly isComplete: boolean
}

export interface StoredProgram {
  readonly digest: Digest
  readonly bytes: Uint8Array
}

export interface Answers {
  readonly read: ReadResult
  readonly compile: CompiledProgram
  readonly relate: RelatedRemarks
  readonly cover: readonly { readonly program: Digest; readonly coverage: Coverage }[]
}

export type FromReader =
  | { readonly kind: 'ready' }
  | { readonly kind: 'answer'; readonly value: Answers[keyof Answers] }
  | { readonly kind: 'fault'; readonly text: string }
