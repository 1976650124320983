import type { Hints, IntelDocument } from '@tocsin/intel'
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
  | { readonly kind: 'cover'; readonly programs: readonly StoredProgram[]; readonly profile: Profile }

export interface StoredProgram {
  readonly digest: Digest
  readonly bytes: Uint8Array
}

export interface Answers {
  readonly read: ReadResult
  readonly compile: CompiledProgram
  readonly cover: readonly { readonly program: Digest; readonly coverage: Coverage }[]
}

export type FromReader =
  | { readonly kind: 'ready' }
  | { readonly kind: 'answer'; readonly value: Answers[keyof Answers] }
  | { readonly kind: 'fault'; readonly text: string }
