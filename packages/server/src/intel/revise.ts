import type { Hints } from '@tocsin/intel'
import type { Kind } from '@tocsin/model'
import type { Principal } from '../access/index.ts'
import { record } from '../audit/index.ts'
import type { Context } from '../context.ts'
import { summaryOf } from '../endpoints/index.ts'
import { Failure } from '../http/failure.ts'
import type { Received } from './document.ts'
import { oneDocument } from './find.ts'
import { saveRevision, withReading } from './receive.ts'
import { remarksOnRelated } from './related.ts'
import { replaceDocument } from './store.ts'

/** Gives a document new contents of the same kind, as its next revision. */
export async function revise(
  context: Context,
  principal: Principal,
  id: number,
  of: { readonly bytes: Uint8Array; readonly hints: Hints },
): Promise<Received> {
  const before = await oneDocument(context.database, id)
  await withReading(context.database, of, async (reading) => {
    requireKind(before.kind, reading.document.kind)
    const related = await remarksOnRelated(context, reading, { itself: id })
    await context.database.transaction(async (within) => {
      const [locked] = await within.query<{ revision: number }>(
        'select revision from documents where id = $1 and deleted_at is null for update',
        [id],
      )
      if (locked === undefined) throw new Failure('intel.unknown')
      const revision = locked.revision + 1
      const at = context.now()
      const { document: read, keys } = reading
      const program = await reading.compileAs(id, revision)
      await saveRevision(within, {
        document: id,
        revision,
        bytes: of.bytes,
        read,
        diagnostics: [...reading.diagnostics, ...related],
        keys,
        program,
        at,
        by: principal.user.name,
      })
      await replaceDocument(within, { id, read, at, revision })
      await record(within, principal, 'intel.revise', id, { revision, name: read.name, md5: read.md5 })
    })
  })
  const document = await oneDocument(context.database, id)
  return {
    document,
    created: true,
    diagnostics: document.diagnostics,
    coverage: await summaryOf(context.database, document.program),
  }
}

function requireKind(kind: Kind, sent: Kind): void {
  if (kind !== sent)
    throw new Failure('intel.wrong-kind', { detail: `the document is ${kind}, this is ${sent}` })
}
