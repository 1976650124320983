import type { Hints, RelatedKeys } from '@tocsin/intel'
import type { Diagnostic } from '@tocsin/model'
import { liveProfiles, saveCoverage } from '../endpoints/index.ts'
import { Failure } from '../http/failure.ts'
import type { Queryable } from '../storage/database.ts'
import { storableJson } from '../storage/json.ts'
import { saveObjects } from './objects.ts'
import type { CompiledProgram, ReadDocument, RelatedCandidate, RelatedRemarks } from './reading/messages.ts'
import { readers } from './reading/pool.ts'
import { type Reader, ReaderStopped } from './reading/reader.ts'

export const receivingCodes = {
  DOC001: 'Reading the document took too long.',
  DOC002: 'Reading the document took too much memory.',
  DOC003: 'Another document has the same intrinsic id.',
  DOC004: 'It was not compared with all other documents: that would have taken too long.',
} as const

export const largestDocument = 64 << 20

export interface Reading {
  readonly document: ReadDocument
  readonly diagnostics: readonly Diagnostic[]
  readonly keys: RelatedKeys
  /** Compares what was read with other documents, for at most so many ms. */
  relateTo(candidates: readonly RelatedCandidate[], forMs: number): Promise<RelatedRemarks>
  /** Compiles what was read as a revision of a document, and tells where it can fire. */
  compileAs(id: number, revision: number): Promise<CompiledProgram>
}

/** Reads a body in a process of its own; a document with errors is refused with its diagnostics. */
export async function withReading<Result>(
  within: Queryable,
  body: { readonly bytes: Uint8Array; readonly hints: Hints },
  work: (reading: Reading) => Promise<Result>,
): Promise<Result> {
  if (body.bytes.length === 0) throw new Failure('intel.empty')
  if (body.bytes.length > largestDocument) throw new Failure('request.too-large')
  return readers.lend(async (reader) => {
    const { document, diagnostics, keys } = await bounded(() => reader.ask({ kind: 'read', ...body }))
    if (document === null) throw new Failure('intel.unreadable', { diagnostics })
    return work({
      document,
      diagnostics,
      keys,
      relateTo: (candidates, forMs) => bounded(() => reader.ask({ kind: 'relate', candidates, forMs })),
      compileAs: (id, revision) => compileWith(reader, within, id, revision),
    })
  })
}

/** Stores a revision with its program and where that can fire. */
export async function saveRevision(
  within: Queryable,
  revision: {
    readonly document: number
    readonly revision: number
    readonly bytes: Uint8Array
    readonly read: ReadDocument
    readonly diagnostics: readonly Diagnostic[]
    readonly keys: RelatedKeys
    readonly program: CompiledProgram
    readonly at: number
    readonly by: string
  },
): Promise<void> {
  const { program, read } = revision
  await saveObjects(within, [program, ...program.blobs])
  await within.query(
    `insert into revisions
       (document, revision, source, contents, diagnostics, origins, program, blobs, offers, asks, created_at,
        created_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      revision.document,
      revision.revision,
      Buffer.from(revision.bytes),
      read.contents,
      storableJson(revision.diagnostics),
      storableJson(read.origins),
      program.digest,
      program.blobs.map(({ digest }) => digest),
      revision.keys.offers,
      revision.keys.asks,
      revision.at,
      revision.by,
    ],
  )
  await saveCoverage(within, program.coverage)
}

async function compileWith(
  reader: Reader,
  within: Queryable,
  id: number,
  revision: number,
): Promise<CompiledProgram> {
  const profiles = await liveProfiles(within)
  return bounded(() => reader.ask({ kind: 'compile', id, revision, profiles }))
}

/** A document that a reader could not bear is unreadable, as one with errors is. */
async function bounded<Result>(step: () => Promise<Result>): Promise<Result> {
  try {
    return await step()
  } catch (error) {
    if (!(error instanceof ReaderStopped)) throw error
    const code = error.reason === 'time' ? 'DOC001' : 'DOC002'
    throw new Failure('intel.unreadable', {
      diagnostics: [{ code, severity: 'error', message: receivingCodes[code] }],
    })
  }
}
