import type { Diagnostic, Digest, Micros } from '@tocsin/model'
import type { CoverageSummary } from '../endpoints/index.ts'
import type { ReadDocument } from './reading/messages.ts'

/** An intel document as lists show it. */
export interface DocumentFacts extends Omit<ReadDocument, 'contents' | 'identity' | 'origins'> {
  readonly id: number
  readonly source: number
  readonly revision: number
  /** Digest of the revision's program. */
  readonly program: Digest
  readonly labels: readonly number[]
  readonly createdAt: Micros
  readonly updatedAt: Micros
  /** Deleted documents stay readable by their id: alerts refer to them. */
  readonly deletedAt: Micros | null
}

export interface DocumentWithContents extends DocumentFacts, Pick<ReadDocument, 'contents' | 'origins'> {
  readonly diagnostics: readonly Diagnostic[]
}

/** What an upload or a revision gives. */
export interface Received {
  readonly document: DocumentWithContents
  /** False: the document was there already, nothing changed. */
  readonly created: boolean
  readonly diagnostics: readonly Diagnostic[]
  readonly coverage: CoverageSummary
}

export const documentColumns = `d.id, d.source, d.kind, d.type_version as "typeVersion", d.intrinsic_id as "intrinsicId",
  d.name, d.description, d.platforms, d.techniques, d.md5, d.size, d.compiled, d.revision, r.program,
  array(select l.label from document_labels l where l.document = d.id order by l.label) as labels,
  d.created_at as "createdAt", d.updated_at as "updatedAt", d.deleted_at as "deletedAt"`

export const documentTables = 'documents d join revisions r on r.document = d.id and r.revision = d.revision'
