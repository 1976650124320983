import * as contracts from '@tocsin/api/v1/alerts.ts'
import type { z } from 'zod'
import type { Principal } from '../access/index.ts'
import { type Route, route } from '../http/serve.ts'
import { isoTime } from '../storage/times.ts'
import { sortOf } from '../storage/where.ts'
import { changeState, historyOf } from './change-state.ts'
import { alertCounts } from './counts.ts'
import { type AlertFilter, type AlertRow, alertSorts, findAlerts, oneAlert } from './find.ts'
import { readableGroups } from './policy.ts'
import { proofOf } from './proof.ts'

export const routes: readonly Route[] = [
  route(contracts.listAlerts, async ({ context, principal, query }) => {
    const { items, total } = await findAlerts(context.database, {
      ...filterOf(query, principal),
      sort: sortOf(query.sort, alertSorts, { by: 'raisedAt', descending: true }),
      limit: query.limit,
      offset: query.offset,
    })
    return { items: items.map(shown), total }
  }),
  route(contracts.countAlerts, async ({ context, principal, query }) => ({
    items: [...(await alertCounts(context.database, query.by, filterOf(query, principal)))],
  })),
  route(contracts.readAlert, async ({ context, principal, params }) => {
    const alert = await oneAlert(context.database, params.id, readableGroups(principal))
    const history = await historyOf(context.database, params.id)
    return {
      ...shown(alert),
      finding: { ...alert.finding },
      history: history.map((change) => ({ ...change, at: isoTime(change.at) })),
    }
  }),
  route(contracts.alertProof, ({ context, principal, params }) =>
    proofOf(context, params.id, readableGroups(principal)),
  ),
  route(contracts.changeAlerts, async ({ context, principal, body }) => {
    await changeState(context, principal, body.ids, body.state)
    return {}
  }),
]

type Query = Omit<z.output<NonNullable<(typeof contracts.listAlerts)['query']>>, 'limit' | 'offset' | 'sort'>

function filterOf(query: Query, principal: Principal): AlertFilter {
  return {
    states: query.state,
    intel: query.intel,
    kinds: query.kind,
    labels: query.label,
    techniques: query.technique,
    computerNames: query.computerName,
    computerAddresses: query.computerAddress,
    endpoints: query.endpoint,
    platforms: query.platform,
    matchTypes: query.matchType,
    paths: query.path,
    priorities: query.priority,
    severities: query.severity,
    raisedFrom: query.raisedFrom,
    raisedUntil: query.raisedUntil,
    groups: readableGroups(principal),
  }
}

function shown(alert: AlertRow) {
  const { id, guid, state, endpoint, computerName, computerAddress, platform, mode, matchType } = alert
  const { path, priority, severity, throttled, finding } = alert
  return {
    ...{ id, guid, state, endpoint, computerName, computerAddress, platform, mode, matchType },
    ...{ path, priority, severity, throttled },
    intel: { id: alert.intel, revision: alert.revision, kind: alert.kind, name: alert.intelName },
    count: finding.count,
    firstAt: isoTime(finding.firstAt),
    lastAt: isoTime(finding.lastAt),
    raisedAt: isoTime(alert.raisedAt),
    changedAt: isoTime(alert.changedAt),
  }
}
