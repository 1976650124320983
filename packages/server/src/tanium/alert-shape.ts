import type { AlertState } from '@tocsin/model'
import type { AlertRow } from '../alerts/index.ts'
import type { Context } from '../context.ts'
import { type Endpoint, endpointById } from '../endpoints/index.ts'
import { detailsOf, findingIdOf, type Reporter } from './details.ts'
import { isoTime } from './facts-of.ts'

/** Tanium writes one word where we write two. */
export function wireStateOf(state: AlertState): string {
  return state === 'in progress' ? 'inprogress' : state
}

/** Alerts as Tanium's clients read them; `details` is JSON text. */
export async function wireAlerts(context: Context, alerts: readonly AlertRow[]) {
  const endpoints = new Map<string, Endpoint | null>()
  for (const { endpoint } of alerts) {
    if (!endpoints.has(endpoint)) endpoints.set(endpoint, await endpointById(context.database, endpoint))
  }
  return alerts.map((alert) => wireAlert(alert, endpoints.get(alert.endpoint) ?? null))
}

function wireAlert(alert: AlertRow, endpoint: Endpoint | null) {
  return {
    id: alert.id,
    eid: alert.endpointNumber,
    guid: alert.guid,
    state: wireStateOf(alert.state),
    type: 'detect.match',
    priority: alert.priority,
    severity: alert.severity,
    details: JSON.stringify(detailsOf(alert, reporterOf(alert, endpoint))),
    intelDocId: alert.intel,
    intelDocRevisionId: alert.revision,
    groupingId: null,
    scanConfigId: 1,
    scanConfigRevisionId: 1,
    computerName: alert.computerName,
    computerIpAddress: alert.computerAddress,
    matchType: alert.matchType,
    path: alert.path,
    findingId: findingIdOf(alert.finding),
    receivedAt: isoTime(alert.raisedAt),
    ackedAt: null,
    suppressedAt: alert.state === 'suppressed' ? isoTime(alert.changedAt) : null,
    firstEIDResolutionAttempt: null,
    lastEIDResolutionAttempt: null,
    alertedAt: isoTime(alert.finding.firstAt),
    createdAt: isoTime(alert.raisedAt),
    updatedAt: isoTime(alert.changedAt),
  }
}

function reporterOf(alert: AlertRow, endpoint: Endpoint | null): Reporter {
  return {
    computerName: alert.computerName,
    address: alert.computerAddress,
    os: endpoint?.facts?.os ?? '',
    kernel: endpoint?.facts?.kernel ?? '',
    bits: endpoint?.facts?.bits ?? 64,
    platform: alert.platform,
  }
}
