import type { Diagnostic, Digest, Kind, Micros, Platform, Span } from '@tocsin/model'
import type { CoverageSummary } from '../endpoints/index.ts'

/** An intel document as lists show it. */
export interface DocumentFacts {
  readonly id: number
  readonly source: number
  readonly kind: Kind
  readonly typeVersion: string
  readonly intrinsicId: string
  readonly name: string
  readonly description: string | null
  readonly platforms: readonly Platform[]
  readonly techniques: readonly { readonly id: string; readonly name: string }[]
  readonly md5: string
  readonly size: number
  /** Tanium's compiled form as JSON text, for signals. */
  readonly compiled: string | null
  readonly revision: number
  /** Digest of the revision's program. */
  readonly program: Digest
  readonly labels: readonly number[]
  readonly createdAt: Micros
  readonly updatedAt: Micros
  /** Deleted documents stay readable by their id: alerts refer to them. */
  readonly deletedAt: Micros | null
}

export interface DocumentWithContents extends DocumentFacts {
  readonly contents: string
  readonly diagnostics: readonly Diagnostic[]
  /** Node path of the condition → place in the contents. */
  readonly origins: Readonly<Record<string, Span>>
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
