import { type Digest, digestOf, type Micros } from '@tocsin/model'
import type { Context } from '../context.ts'
import { originsOfPrograms, type ProgramOrigin } from '../intel/index.ts'
import type { Queryable } from '../storage/database.ts'
import { insertRaised, knownReceipts, recentRaises, updateKnown } from './raise-store.ts'
import { type Attributed, keyOf, type Raised, type Report } from './report.ts'

export interface Raising {
  /** Ids of new alerts. */
  readonly raised: readonly number[]
  /** Findings of programs that this server never made: they are counted, not kept. */
  readonly foreign: number
}

/** New alerts of one document on one endpoint within a minute; endpoints stop at 60 themselves. */
const mostPerMinute = 120
const minute = 60_000_000

/**
 * Makes alerts of findings, all in one transaction. Each finding of an endpoint raises once, however often and by
 * whatever connection it is sent; a repetition only updates how often and until when it was seen.
 */
export async function raise(context: Context, reports: readonly Report[]): Promise<Raising> {
  const raising = await context.database.transaction(async (within) => {
    const { own, foreign } = await attributed(within, reports)
    // Alerts become visible in the order of their ids: who polls for newer ids misses none.
    await within.query('select pg_advisory_xact_lock(7402351)')
    const known = await knownReceipts(within, own)
    await updateKnown(
      within,
      own.filter((each) => known.has(keyOf(each.report))),
      context.now(),
    )
    const fresh = own.filter((each) => !known.has(keyOf(each.report)))
    const raised = await insertRaised(within, await guarded(within, fresh, context.now()), context.now())
    return { raised, foreign }
  })
  announce(context, raising.raised)
  return raising
}

/** More than these at once are announced by the newest alone: who listens reads what is new from the database. */
const mostAnnounced = 50

/** Nobody waits for it: an alert is raised when it is durable. */
function announce(context: Context, ids: readonly number[]): void {
  const announced = ids.length > mostAnnounced ? ids.slice(-1) : ids
  for (const id of announced) {
    context.bus.publish('alertRaised', { id }).catch((error: unknown) => {
      context.log.warn({ err: error }, 'an alert was not announced')
    })
  }
}

/** What a finding says of its document is not believed: the program's digest tells. One report a finding. */
async function attributed(
  within: Queryable,
  reports: readonly Report[],
): Promise<{ readonly own: readonly Attributed[]; readonly foreign: number }> {
  const programs = [...new Set(reports.map(({ finding }) => finding.program))]
  const origins = new Map<Digest, ProgramOrigin>(
    (await originsOfPrograms(within, programs)).map((origin) => [origin.program, origin]),
  )
  const own = new Map<string, Attributed>()
  let foreign = 0
  for (const report of reports) {
    const origin = origins.get(report.finding.program)
    const before = own.get(keyOf(report))
    if (origin === undefined) foreign += 1
    else if (before === undefined || before.report.finding.count <= report.finding.count) {
      own.set(keyOf(report), { report, origin })
    }
  }
  return { own: [...own.values()], foreign }
}

/** Findings beyond the flood limit are counted on the newest alert of their document and endpoint. */
async function guarded(
  within: Queryable,
  fresh: readonly Attributed[],
  now: Micros,
): Promise<readonly Raised[]> {
  const counts = await recentRaises(within, fresh, now - minute)
  return fresh.map(({ report, origin }) => {
    const pair = `${report.endpoint} ${origin.id}`
    const count = (counts.get(pair) ?? 0) + 1
    counts.set(pair, count)
    return { report, origin, guid: guidOf(report), countedOnly: count > mostPerMinute }
  })
}

/** The same for the same finding of the same endpoint, for ever. */
function guidOf({ endpoint, finding }: Report): string {
  const hex = digestOf(['alert', endpoint, finding.id])
  const variant = '89ab'[Number.parseInt(hex[16] ?? '0', 16) % 4]
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
