import { digestOf } from '@tocsin/model'
import { alertCountsOf } from '../alerts/index.ts'
import type { Context } from '../context.ts'
import type { DocumentFacts, DocumentWithContents, IntelSource, Label } from '../intel/index.ts'
import { isoTime } from './facts-of.ts'
import { wirePlatformsOf, wireTypeOf } from './upload-hints.ts'

export type Base = 'threat-response' | 'detect3'

/** Documents as Tanium's clients read them, with their counts of alerts. */
export async function wireDocuments(
  context: Context,
  documents: readonly (DocumentFacts | DocumentWithContents)[],
  base: Base,
) {
  const counts = await alertCountsOf(
    context.database,
    documents.map(({ id }) => id),
  )
  return documents.map((document) => wireDocument(document, counts.get(document.id), base))
}

function wireDocument(
  document: DocumentFacts | DocumentWithContents,
  counts: { readonly all: number; readonly unresolved: number } | undefined,
  base: Base,
) {
  return {
    id: document.id,
    type: wireTypeOf(document.kind),
    typeVersion: document.typeVersion,
    md5: document.md5,
    blobId: uuidOf(document.program),
    revisionId: document.revision,
    intrinsicId: document.intrinsicId,
    name: document.name,
    description: document.description,
    size: document.size,
    compiled: document.compiled,
    isSchemaValid: true,
    sourceId: document.source,
    ...('contents' in document ? { contents: document.contents } : {}),
    alertCount: counts?.all ?? 0,
    unresolvedAlertCount: counts?.unresolved ?? 0,
    labelIds: [...document.labels],
    suppressionRules: [],
    mitreAttack: mitreOf(document, base),
    platforms: mutable(wirePlatformsOf(document.platforms)),
    customHash: null,
    throttledFindingCount: 0,
    allowAutoDisable: false,
    disabled: false,
    disabledEndpointCount: 0,
    status: 'HIGH_FIDELITY',
    createdAt: isoTime(document.createdAt),
    updatedAt: isoTime(document.updatedAt),
  }
}

/** Text on Detect 3, an object on Threat Response: that is what the clients of each can read. */
function mitreOf({ techniques }: DocumentFacts, base: Base) {
  if (techniques.length === 0) return null
  const attack = { techniques: techniques.map(({ id, name }) => ({ id, name })) }
  return base === 'detect3' ? JSON.stringify(attack) : attack
}

function mutable(platforms: readonly string[] | null): string[] | null {
  return platforms === null ? null : [...platforms]
}

function uuidOf(text: string): string {
  const hex = digestOf(['blob', text])
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

export function wireLabelOf(label: Label) {
  return { ...label, createdAt: isoTime(label.createdAt), updatedAt: isoTime(label.updatedAt) }
}

export function wireSourceOf(source: IntelSource) {
  return {
    ...source,
    canAutoQuickScan: false,
    createdAt: isoTime(source.createdAt),
    updatedAt: isoTime(source.updatedAt),
  }
}
