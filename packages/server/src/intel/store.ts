import type { Micros } from '@tocsin/model'
import type { Queryable } from '../storage/database.ts'
import { storableJson } from '../storage/json.ts'
import type { ReadDocument } from './reading/messages.ts'

interface Kept {
  readonly id: number
  readonly read: ReadDocument
  readonly at: Micros
}

/** False if a document with this identity appeared meanwhile. */
export async function insertDocument(
  within: Queryable,
  { id, source, read, at }: Kept & { readonly source: number },
): Promise<boolean> {
  const rows = await within.query(
    `insert into documents (id, source, kind, type_version, intrinsic_id, name, description, platforms, techniques,
       md5, size, compiled, identity, revision, created_at, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1, $14, $14)
     on conflict (source, kind, identity) where deleted_at is null do nothing returning id`,
    [
      id,
      source,
      read.kind,
      read.typeVersion,
      read.intrinsicId,
      read.name,
      read.description,
      read.platforms,
      storableJson(read.techniques),
      read.md5,
      read.size,
      read.compiled,
      read.identity,
      at,
    ],
  )
  return rows.length > 0
}

/**
 * Makes a revision the document's current one. A document that became equal to another live one gives up its
 * identity: the same upload then means the other.
 */
export async function replaceDocument(
  within: Queryable,
  { id, read, at, revision }: Kept & { readonly revision: number },
): Promise<void> {
  await within.query(
    `update documents d set type_version = $2, intrinsic_id = $3, name = $4, description = $5, platforms = $6,
       techniques = $7, md5 = $8, size = $9, compiled = $10, revision = $11, updated_at = $12,
       identity = case when exists (
         select from documents o where o.id <> d.id and o.source = d.source and o.kind = d.kind and o.identity = $13
           and o.deleted_at is null) then null else $13 end
     where id = $1`,
    [
      id,
      read.typeVersion,
      read.intrinsicId,
      read.name,
      read.description,
      read.platforms,
      storableJson(read.techniques),
      read.md5,
      read.size,
      read.compiled,
      revision,
      at,
      read.identity,
    ],
  )
}
