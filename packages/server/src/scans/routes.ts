import * as contracts from '@tocsin/api/v1/scans.ts'
import { type Route, route } from '../http/serve.ts'
import { isoTime, isoTimeOrNull } from '../storage/times.ts'
import { cancelScan } from './cancel.ts'
import { pauseScan } from './pause.ts'
import { scanReport } from './report.ts'
import { requestScan } from './request.ts'
import { findScans, type Scan } from './store.ts'

export const routes: readonly Route[] = [
  route(contracts.requestScanContract, async ({ context, principal, body }) =>
    shown(await requestScan(context, principal, body)),
  ),
  route(contracts.listScans, async ({ context, query }) => ({
    items: (await findScans(context.database, query)).map(shown),
  })),
  route(contracts.readScan, async ({ context, params }) => {
    const { scan, state, targets, results, programs } = await scanReport(context, params.id)
    return {
      ...shown(scan),
      state,
      targets,
      results: results.map((result) => ({
        ...result,
        skipped: { ...result.skipped },
        quarantined: [...result.quarantined],
        updatedAt: isoTime(result.updatedAt),
      })),
      programs: [...programs],
    }
  }),
  route(contracts.cancelScanContract, async ({ context, principal, params }) =>
    shown(await cancelScan(context, principal, params.id)),
  ),
  route(contracts.pauseScanContract, async ({ context, principal, params }) =>
    shown(await pauseScan(context, principal, params.id, true)),
  ),
  route(contracts.resumeScanContract, async ({ context, principal, params }) =>
    shown(await pauseScan(context, principal, params.id, false)),
  ),
]

function shown({ createdAt, expiresAt, cancelledAt, pausedAt, ...scan }: Scan) {
  const { id, document, group, revision, requestedBy } = scan
  return {
    ...{ id, document, group, revision, requestedBy },
    createdAt: isoTime(createdAt),
    expiresAt: isoTime(expiresAt),
    cancelledAt: isoTimeOrNull(cancelledAt),
    pausedAt: isoTimeOrNull(pausedAt),
  }
}
