import type { Digest, Kind } from '@tocsin/model'
import { Failure } from '../http/failure.ts'
import type { Queryable } from '../storage/database.ts'
import { likeLiteral, only, orderBy, type Sort, Where } from '../storage/where.ts'
import { type DocumentFacts, type DocumentWithContents, documentColumns, documentTables } from './document.ts'

/** Filters of different names are all met; of several kinds or ids, one. */
export interface DocumentFilter {
  readonly ids?: readonly number[] | undefined
  /** Part of the name, without case. */
  readonly name?: string | undefined
  /** Start of the name, without case. */
  readonly namePrefix?: string | undefined
  /** Part of the description, without case. */
  readonly description?: string | undefined
  readonly kinds?: readonly Kind[] | undefined
  readonly source?: number | undefined
  readonly intrinsicId?: string | undefined
  readonly label?: number | undefined
  /** Technique id; one without a sub-technique means its sub-techniques too. */
  readonly technique?: string | undefined
  readonly sort?: Sort<DocumentSort> | undefined
  /** Null: no limit. */
  readonly limit?: number | null | undefined
  readonly offset?: number | undefined
}

export const documentSorts = {
  id: 'd.id',
  name: 'lower(d.name)',
  kind: 'd.kind',
  createdAt: 'd.created_at',
  updatedAt: 'd.updated_at',
}
export type DocumentSort = keyof typeof documentSorts

export async function findDocuments(
  within: Queryable,
  filter: DocumentFilter = {},
): Promise<{ readonly items: readonly DocumentFacts[]; readonly total: number }> {
  const where = whereOf(filter)
  const { count } = only(
    await within.query<{ count: number }>(`select count(*) from documents d ${where.sql}`, where.parameters),
  )
  const limit = where.value(filter.limit === undefined ? 100 : filter.limit)
  const order = orderBy(filter.sort ?? { by: 'id', descending: false }, documentSorts, 'd.id')
  const items = await within.query<DocumentFacts>(
    `select ${documentColumns} from ${documentTables} ${where.sql} ${order}
     limit ${limit} offset ${where.value(filter.offset ?? 0)}`,
    where.parameters,
  )
  return { items, total: count }
}

/** One document with its text, by id; a deleted one only if asked for. */
export async function oneDocument(
  within: Queryable,
  id: number,
  which: 'live' | 'also deleted' = 'live',
): Promise<DocumentWithContents> {
  const alive = which === 'live' ? 'and d.deleted_at is null' : ''
  const [row] = await within.query<DocumentWithContents>(
    `select ${documentColumns}, r.contents, r.diagnostics, r.origins from ${documentTables}
     where d.id = $1 ${alive}`,
    [id],
  )
  if (row === undefined) throw new Failure('intel.unknown')
  return row
}

/** The bytes of a revision as they were uploaded; of the current one unless said. */
export async function sourceBytes(within: Queryable, id: number, revision?: number): Promise<Uint8Array> {
  const [row] = await within.query<{ source: Uint8Array }>(
    `select r.source from documents d join revisions r on r.document = d.id and r.revision = coalesce($2, d.revision)
     where d.id = $1`,
    [id, revision ?? null],
  )
  if (row === undefined) throw new Failure('intel.unknown')
  return row.source
}

/** A program that was made of a revision, with the document's facts that alerts show. */
export interface ProgramOrigin {
  readonly program: Digest
  readonly id: number
  readonly revision: number
  readonly kind: Kind
  readonly name: string
}

/** Which revisions programs were made of; programs that this server never made are missing. */
export function originsOfPrograms(
  within: Queryable,
  programs: readonly Digest[],
): Promise<readonly ProgramOrigin[]> {
  return within.query<ProgramOrigin>(
    `select r.program, d.id, r.revision, d.kind, d.name from revisions r join documents d on d.id = r.document
     where r.program = any($1)`,
    [programs],
  )
}

/** The current program of every live document. */
export interface CurrentProgram {
  readonly digest: Digest
  readonly intel: number
  readonly source: number
  readonly labels: readonly number[]
  readonly revision: number
  readonly blobs: readonly Digest[]
}

export function currentPrograms(within: Queryable): Promise<readonly CurrentProgram[]> {
  return within.query<CurrentProgram>(
    `select r.program as digest, d.id as intel, d.source, d.revision, r.blobs,
       array(select l.label from document_labels l where l.document = d.id) as labels from ${documentTables}
     where d.deleted_at is null order by d.id`,
  )
}

/** Which revisions of documents the newest deployment brings. */
export async function deployedRevisions(
  within: Queryable,
  documents: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  const rows = await within.query<{ document: number; revision: number }>(
    `select r.document, max(r.revision) as revision
     from revisions r, (select programs from deployments order by revision desc limit 1) d
     where r.document = any($1) and r.program = any(d.programs) group by r.document`,
    [documents],
  )
  return new Map(rows.map(({ document, revision }) => [document, revision]))
}

function whereOf(filter: DocumentFilter): Where {
  const literal = (text: string | undefined) =>
    text === undefined ? undefined : likeLiteral(text.toLowerCase())
  return new Where()
    .and('d.deleted_at is null')
    .when(filter.ids, (ids) => `d.id = any(${ids})`)
    .when(literal(filter.name), (name) => `lower(d.name) like '%' || ${name} || '%'`)
    .when(literal(filter.namePrefix), (name) => `lower(d.name) like ${name} || '%'`)
    .when(literal(filter.description), (text) => `lower(d.description) like '%' || ${text} || '%'`)
    .when(filter.kinds, (kinds) => `d.kind = any(${kinds})`)
    .when(filter.source, (source) => `d.source = ${source}`)
    .when(filter.intrinsicId, (id) => `d.intrinsic_id = ${id}`)
    .when(
      filter.label,
      (label) => `exists (select from document_labels l where l.document = d.id and l.label = ${label})`,
    )
    .when(
      filter.technique?.toUpperCase(),
      (technique) => `exists (select from jsonb_array_elements(d.techniques) t
        where upper(t ->> 'id') = ${technique} or upper(t ->> 'id') like ${technique} || '.%')`,
    )
}
