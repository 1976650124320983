import { type CoverageSummary, type ProgramReach, silenceOf } from '../endpoints/index.ts'
import { isoTime, isoTimeOrNull } from '../storage/times.ts'
import type { DocumentFacts, DocumentWithContents, Received } from './document.ts'

/** A document as /api/v1 shows it. */
export function shownDocument(document: DocumentFacts) {
  const { id, source, kind, typeVersion, intrinsicId, name, description, md5, size, revision, program } =
    document
  return {
    ...{ id, source, kind, typeVersion, intrinsicId, name, description, md5, size, revision, program },
    platforms: [...document.platforms],
    techniques: [...document.techniques],
    labels: [...document.labels],
    createdAt: isoTime(document.createdAt),
    updatedAt: isoTime(document.updatedAt),
    deletedAt: isoTimeOrNull(document.deletedAt),
  }
}

const nothingKnown: ProgramReach = {
  endpoints: 0,
  live: 0,
  scan: 0,
  history: 0,
  never: 0,
  silentBecause: null,
}

/** The same in a list, with where it is and what can evaluate it. */
export function shownInList(
  document: DocumentFacts,
  deployedRevision: number | null,
  reach: ProgramReach | undefined,
) {
  const { silentBecause, ...counts } = reach ?? nothingKnown
  return { ...shownDocument(document), deployedRevision, coverage: { ...counts, silent: silentBecause } }
}

export function shownWithContents(document: DocumentWithContents, coverage: CoverageSummary) {
  return {
    ...shownDocument(document),
    contents: document.contents,
    diagnostics: [...document.diagnostics],
    origins: { ...document.origins },
    coverage: shownCoverage(coverage),
  }
}

export function shownReceived({ document, created, diagnostics, coverage }: Received) {
  return {
    document: shownDocument(document),
    created,
    diagnostics: [...diagnostics],
    coverage: shownCoverage(coverage),
  }
}

function shownCoverage(coverage: CoverageSummary) {
  return { ...coverage, because: [...coverage.because], silent: silenceOf(coverage) }
}

/** Labels and sources alike. */
export function shownTimes<Row extends { readonly createdAt: number; readonly updatedAt: number }>(row: Row) {
  return { ...row, createdAt: isoTime(row.createdAt), updatedAt: isoTime(row.updatedAt) }
}
