import { storableText } from '@tocsin/model'
import type { FromAgent } from '@tocsin/protocol'
import type { Context } from '../context.ts'
import { storableJson } from '../storage/json.ts'

export type ScanProgress = Extract<FromAgent, { readonly kind: 'scan-progress' }>

const mostRestarts = 1_000_000

/** An endpoint was told of a scan. */
export async function scanSent(context: Context, scan: number, endpoint: string): Promise<void> {
  await context.database.query(
    `insert into scan_results (scan, endpoint, state, updated_at) values ($1, $2, 'sent', $3)
     on conflict do nothing`,
    [scan, endpoint, context.now()],
  )
}

/** Keeps how far a scan is; what is said of a scan that was never sent to the endpoint is dropped. */
export async function saveProgress(
  context: Context,
  endpoint: string,
  progress: ScanProgress,
): Promise<void> {
  await context.database.transaction(async (within) => {
    const rows = await within.query(
      `update scan_results set state = $3, files = $4, bytes = $5, skipped = $6, quarantined = $7, updated_at = $8,
         restarts = greatest(restarts, $9)
       where scan = $1 and endpoint = $2 and state in ('sent', 'running', 'paused') returning scan`,
      [
        progress.scan,
        endpoint,
        progress.state,
        progress.files,
        progress.bytes,
        storableJson(progress.skipped),
        storableJson(progress.quarantined.map((each) => ({ ...each, message: storableText(each.message) }))),
        context.now(),
        Math.min(progress.restarts ?? 0, mostRestarts),
      ],
    )
    if (rows.length === 0) return
    const programs = Object.entries(progress.programs)
    await within.query(
      `insert into scan_verdicts (scan, endpoint, program, matched, unmatched, inconclusive)
       select $1, $2, * from unnest($3::text[], $4::bigint[], $5::bigint[], $6::bigint[])
       on conflict (scan, endpoint, program) do update set matched = excluded.matched,
         unmatched = excluded.unmatched, inconclusive = excluded.inconclusive`,
      [
        progress.scan,
        endpoint,
        programs.map(([program]) => program),
        programs.map(([, counts]) => counts.match),
        programs.map(([, counts]) => counts.noMatch),
        programs.map(([, counts]) => counts.inconclusive),
      ],
    )
  })
}
