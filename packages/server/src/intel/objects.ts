import type { Digest } from '@tocsin/model'
import type { Queryable } from '../storage/database.ts'

export interface StoredObject {
  readonly digest: Digest
  readonly bytes: Uint8Array
}

/** Keeps bytes by their digest; those that are kept already stay. */
export async function saveObjects(within: Queryable, objects: readonly StoredObject[]): Promise<void> {
  if (objects.length === 0) return
  await within.query(
    `insert into objects (digest, bytes) select * from unnest($1::text[], $2::bytea[]) on conflict do nothing`,
    [objects.map(({ digest }) => digest), objects.map(({ bytes }) => Buffer.from(bytes))],
  )
}

export async function objectBytes(within: Queryable, digest: Digest): Promise<Uint8Array | null> {
  const [row] = await within.query<{ bytes: Uint8Array }>('select bytes from objects where digest = $1', [
    digest,
  ])
  return row?.bytes ?? null
}
