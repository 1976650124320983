import { operationsOnDetect, operationsOnThreatResponse } from '@tocsin/api/tanium/index.ts'
import { deploy, deploymentStatus } from '../deployments/index.ts'
import { jsonReply } from '../http/reply.ts'
import { type Route, route } from '../http/serve.ts'
import { findScans, requestScan, type Scan } from '../scans/index.ts'
import { finishTask, startTask, taskById } from '../tasks/index.ts'
import { isoTime } from './facts-of.ts'
import { pageOf, type RawQuery } from './list-query.ts'

const hourLater = (micros: number) => isoTime(micros + 3_600_000_000)
const isoOrNull = (micros: number | null) => (micros === null ? null : isoTime(micros))
const scanPage = { usual: 100, most: 1_000 }

function wireScanOf(scan: Scan) {
  return {
    id: scan.id,
    intelDocId: scan.document ?? 0,
    computerGroupId: scan.group,
    userId: scan.userId,
    actionIdUnix: scan.id,
    actionIdWindows: scan.id,
    actionExpiration: hourLater(scan.createdAt),
    createdAt: isoTime(scan.createdAt),
    updatedAt: isoTime(scan.createdAt),
  }
}

const onThreatResponse: readonly Route[] = [
  route(operationsOnThreatResponse.deploy, async ({ context, principal }) => {
    const task = await startTask(context, 'deployIntel')
    const { revision, changed } = await deploy(context, principal)
    await finishTask(context, task, { results: { revision, changed } })
    return jsonReply(202, { data: { taskId: task } })
  }),
  route(operationsOnThreatResponse.deployStatus, async ({ context }) => {
    const status = await deploymentStatus(context)
    return {
      data: { ...status, createdAt: isoOrNull(status.createdAt), modifiedAt: isoOrNull(status.modifiedAt) },
    }
  }),
  route(operationsOnThreatResponse.status, async () => ({ data: { status: 'ok', version: '0.1.0' } })),
  route(operationsOnThreatResponse.task, async ({ context, params }) => {
    const task = await taskById(context, params.id)
    return {
      data: {
        ...task,
        startTime: isoTime(task.createdAt),
        endTime: isoOrNull(task.endedAt),
        createdAt: isoTime(task.createdAt),
        updatedAt: isoTime(task.updatedAt),
      },
    }
  }),
  route(operationsOnThreatResponse.scan, async ({ context, principal, body }) => {
    const scan = await requestScan(context, principal, {
      document: body.intelDocId,
      group: body.computerGroupId,
    })
    const task = await startTask(context, 'onDemandScan', { scan: scan.id })
    await finishTask(context, task, { results: { scan: scan.id } })
    return { data: wireScanOf(scan), meta: { deployTask: { taskId: task, status: 'STARTED' } } }
  }),
  route(operationsOnThreatResponse.scans, async ({ context, query }) => ({
    data: (await findScans(context.database, pageOf(query as RawQuery, scanPage))).map(wireScanOf),
  })),
]

/** A quick scan of Detect 3 names the document's revision and a question. */
const onDetect: readonly Route[] = [
  route(operationsOnDetect.scan, async ({ context, principal, body }) => {
    const scan = await requestScan(context, principal, {
      document: body.intelDocId,
      group: body.computerGroupId,
    })
    return { ...wireScanOf(scan), alertCount: 0, questionId: scan.id, revisionId: scan.revision }
  }),
  route(operationsOnDetect.scans, async ({ context, query }) =>
    (await findScans(context.database, pageOf(query as RawQuery, scanPage))).map(wireScanOf),
  ),
]

export const operationRoutes: readonly Route[] = [...onThreatResponse, ...onDetect]
