import { setTimeout as pause } from 'node:timers/promises'
import type { RelatedKeys } from '@tocsin/intel'
import type { Diagnostic } from '@tocsin/model'
import type { Context } from '../context.ts'
import type { Queryable } from '../storage/database.ts'
import { documentTables } from './document.ts'
import { intelMetrics } from './metrics.ts'
import type { RelatedCandidate } from './reading/messages.ts'
import { type Reading, receivingCodes } from './receive.ts'

/** Time that an upload waits to hear what the other documents make of it, ms. */
const patienceMs = 200
/** So many documents are looked at, the newest of those that share a key. */
const mostCandidates = 128
/** Larger programs are not compared; bytes. */
const largestProgram = 256 << 10

/** What is to be said of a document beside the others: the same again, or one that another one covers. */
export async function remarksOnRelated(
  context: Context,
  reading: Pick<Reading, 'keys' | 'relateTo'>,
  { itself, forMs = patienceMs }: { readonly itself: number | null; readonly forMs?: number },
): Promise<readonly Diagnostic[]> {
  const end = performance.now() + forMs
  const candidates = await Promise.race([
    candidatesOf(context.database, reading.keys, itself),
    pause(forMs, null, { ref: false }),
  ])
  const within = end - performance.now()
  const found = candidates === null || within <= 0 ? null : await reading.relateTo(candidates, within)
  const remarks = found?.diagnostics ?? []
  if (found?.isComplete === true) return remarks
  intelMetrics(context).uncompared.inc()
  return [...remarks, { code: 'DOC004', severity: 'note', message: receivingCodes.DOC004 }]
}

function candidatesOf(
  within: Queryable,
  { offers, asks }: RelatedKeys,
  itself: number | null,
): Promise<readonly RelatedCandidate[]> {
  return within.query<RelatedCandidate>(
    `select c.id, c.name, o.bytes from (
       select d.id, d.name, r.program from ${documentTables}
       where d.deleted_at is null and d.id is distinct from $3 and (r.asks && $1::int[] or r.offers && $2::int[])
       order by d.id desc limit $4
     ) c join objects o on o.digest = c.program where octet_length(o.bytes) <= $5 order by c.id desc`,
    [offers, asks, itself, mostCandidates, largestProgram],
  )
}
