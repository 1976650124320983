import type { Hints } from '@tocsin/intel'
import type { Diagnostic } from '@tocsin/model'
import type { Principal } from '../access/index.ts'
import { record } from '../audit/index.ts'
import type { Context } from '../context.ts'
import { summaryOf } from '../endpoints/index.ts'
import type { Queryable } from '../storage/database.ts'
import { only } from '../storage/where.ts'
import type { Received } from './document.ts'
import { oneDocument } from './find.ts'
import type { ReadDocument } from './reading/messages.ts'
import { type Reading, saveRevision, withReading } from './receive.ts'
import { remarksOnRelated } from './related.ts'
import { requireSource, userUploads } from './sources.ts'
import { insertDocument } from './store.ts'

export interface Upload {
  readonly bytes: Uint8Array
  readonly hints: Hints
  /** The users' uploads unless said. */
  readonly source?: number | undefined
}

/**
 * Takes a document in. The same body with the same name and platforms in the same source is the same document;
 * nothing is deployed by it.
 */
export async function upload(context: Context, principal: Principal, of: Upload): Promise<Received> {
  const source = of.source ?? userUploads
  await requireSource(context.database, source)
  return withReading(context.database, of, async (reading) => {
    const id = await insertUnlessKnown(context, principal, { ...of, source }, reading)
    const known = id ?? (await knownAs(context.database, source, reading.document))
    if (known === null) throw new Error('a document was neither stored nor known')
    const document = await oneDocument(context.database, known)
    return {
      document,
      created: id !== null,
      diagnostics: document.diagnostics,
      coverage: await summaryOf(context.database, document.program),
    }
  })
}

async function insertUnlessKnown(
  context: Context,
  principal: Principal,
  of: Upload & { readonly source: number },
  reading: Reading,
): Promise<number | null> {
  const { document: read } = reading
  if ((await knownAs(context.database, of.source, read)) !== null) return null
  const { id } = only(
    await context.database.query<{ id: number }>(
      "select nextval(pg_get_serial_sequence('documents', 'id'))::int as id",
    ),
  )
  const program = await reading.compileAs(id, 1)
  const related = await remarksOnRelated(context, reading, { itself: null })
  return context.database.transaction(async (within) => {
    const at = context.now()
    const diagnostics = [...reading.diagnostics, ...(await namesakes(within, of.source, read)), ...related]
    if (!(await insertDocument(within, { id, source: of.source, read, at }))) return null
    await saveRevision(within, {
      document: id,
      revision: 1,
      bytes: of.bytes,
      read,
      diagnostics,
      keys: reading.keys,
      program,
      at,
      by: principal.user.name,
    })
    await record(within, principal, 'intel.upload', id, { name: read.name, kind: read.kind, md5: read.md5 })
    return id
  })
}

async function knownAs(within: Queryable, source: number, read: ReadDocument): Promise<number | null> {
  const [row] = await within.query<{ id: number }>(
    'select id from documents where source = $1 and kind = $2 and identity = $3 and deleted_at is null',
    [source, read.kind, read.identity],
  )
  return row?.id ?? null
}

/** Only a revision replaces a document: an upload with the same intrinsic id stands beside it, and says so. */
async function namesakes(
  within: Queryable,
  source: number,
  read: ReadDocument,
): Promise<readonly Diagnostic[]> {
  const rows = await within.query<{ id: number }>(
    `select id from documents where source = $1 and kind = $2 and intrinsic_id = $3 and deleted_at is null
     order by id limit 5`,
    [source, read.kind, read.intrinsicId],
  )
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id).join(', ')
  return [
    {
      code: 'DOC003',
      severity: 'warning',
      message: `document ${ids} has the same intrinsic id with other contents`,
      hint: 'to replace a document, send a revision of it',
    },
  ]
}
