import { operationsOnDetect, operationsOnThreatResponse } from '@tocsin/api/tanium/index.ts'
import type { AlertState, Kind, Platform } from '@tocsin/model'
import { changeState, findAlerts, oneAlert, readableGroups } from '../alerts/index.ts'
import type { Context } from '../context.ts'
import { Failure } from '../http/failure.ts'
import { type Route, route } from '../http/serve.ts'
import { oneDocument } from '../intel/index.ts'
import { wireAlerts } from './alert-shape.ts'
import { enveloped } from './intel-routes.ts'
import { type Base, wireDocuments } from './intel-shape.ts'
import { integersOf, pageOf, type RawQuery, sortOf, timeOf, valuesOf } from './list-query.ts'
import { kindsOf } from './upload-hints.ts'

const states: Readonly<Record<string, AlertState>> = {
  unresolved: 'unresolved',
  inprogress: 'in progress',
  'in progress': 'in progress',
  resolved: 'resolved',
  suppressed: 'suppressed',
  ignored: 'ignored',
  dismissed: 'dismissed',
}
const sorts = {
  id: 'id',
  alertedAt: 'raisedAt',
  createdAt: 'raisedAt',
  receivedAt: 'raisedAt',
  updatedAt: 'changedAt',
  state: 'state',
  computerName: 'computerName',
  intelDocId: 'intel',
  severity: 'severity',
  priority: 'priority',
} as const
const platforms: Readonly<Record<string, Platform>> = {
  linux: 'linux',
  windows: 'windows',
  mac: 'macos',
  macos: 'macos',
}

function routesOn(base: Base): readonly Route[] {
  const contracts = base === 'detect3' ? operationsOnDetect : operationsOnThreatResponse
  return [
    route(contracts.alerts, async ({ context, principal, query }) => {
      const asked = query as RawQuery
      const page = pageOf(asked, { usual: 100, most: 500 })
      const groups = readableGroups(principal)
      const { items, total } = await findAlerts(context.database, {
        ...filterOf(asked),
        groups,
        sort: sortOf(asked, sorts, { by: 'raisedAt', descending: true }),
        ...page,
      })
      const data = await wireAlerts(context, items)
      const expanded = valuesOf(asked, 'expand').includes('intelDoc')
        ? await withDocuments(context, data, base)
        : data
      return enveloped(base, expanded, { totalCount: total, filteredCount: total })
    }),
    route(contracts.alert, async ({ context, principal, params }) => {
      const [alert] = await wireAlerts(context, [
        await oneAlert(context.database, params.id, readableGroups(principal)),
      ])
      return enveloped(base, alert)
    }),
    route(contracts.changeOne, async ({ context, principal, params, raw }) => {
      const state = stateIn(bodyOf(raw))
      if (state !== undefined) await changeState(context, principal, [params.id], state)
      return enveloped(base, {})
    }),
    route(contracts.changeMany, async ({ context, principal, query, raw }) => {
      const body = bodyOf(raw)
      const state = stateIn(body)
      const ids = [...integersOf(query as RawQuery, 'id'), ...idsIn(body)]
      if (state !== undefined && ids.length > 0) await changeState(context, principal, ids, state)
      return enveloped(base, {})
    }),
  ]
}

type Filter = NonNullable<Parameters<typeof findAlerts>[1]>

function filterOf(query: RawQuery): Filter {
  const texts = (name: string) => {
    const values = valuesOf(query, name)
    return values.length === 0 ? undefined : values
  }
  const numbers = (name: string) => {
    const values = integersOf(query, name)
    return values.length === 0 ? undefined : values
  }
  return {
    ids: numbers('id'),
    guids: texts('guid'),
    states: texts('state')?.map(knownState),
    priorities: texts('priority'),
    severities: texts('severity'),
    intel: numbers('intelDocId'),
    intelNames: texts('intelDocName'),
    kinds: texts('intelType')?.flatMap((type): readonly Kind[] => kindsOf(type)),
    sources: numbers('intelSource'),
    labels: texts('labelName'),
    techniques: texts('mitreId'),
    computerNames: texts('computerName'),
    computerAddresses: texts('computerIpAddress'),
    platforms: texts('platform')?.flatMap((name) => platforms[name.toLowerCase()] ?? []),
    matchTypes: texts('matchType'),
    paths: texts('path'),
    raisedFrom: timeOf(query, 'alertedAtFrom') ?? undefined,
    raisedUntil: timeOf(query, 'alertedAtUntil') ?? undefined,
  }
}

async function withDocuments(context: Context, alerts: Awaited<ReturnType<typeof wireAlerts>>, base: Base) {
  const ids = [...new Set(alerts.map(({ intelDocId }) => intelDocId))]
  const documents = await Promise.all(ids.map((id) => oneDocument(context.database, id, 'also deleted')))
  const wire = new Map(
    (await wireDocuments(context, documents, base)).map((document) => [document.id, document]),
  )
  return alerts.map((alert) => ({ ...alert, intelDoc: wire.get(alert.intelDocId) }))
}

/** Clients send an object, a bare string, or `null` by mistake; the last changes nothing. */
function bodyOf(raw: Uint8Array): unknown {
  if (raw.length === 0) return null
  try {
    return JSON.parse(new TextDecoder().decode(raw))
  } catch {
    throw new Failure('request.malformed', { detail: 'the body is not JSON' })
  }
}

function stateIn(body: unknown): AlertState | undefined {
  if (typeof body === 'string') return knownState(body)
  if (body === null || typeof body !== 'object') return undefined
  return 'state' in body && typeof body.state === 'string' ? knownState(body.state) : undefined
}

function knownState(text: string): AlertState {
  const state = states[text.toLowerCase()]
  if (state === undefined) throw new Failure('alert.unknown-state', { detail: `"${text.slice(0, 40)}"` })
  return state
}

function idsIn(body: unknown): readonly number[] {
  if (body === null || typeof body !== 'object' || !('id' in body)) return []
  const ids: readonly unknown[] = Array.isArray(body.id) ? body.id : [body.id]
  return ids.map((id) => {
    if (!/^\d{1,15}$/.test(String(id))) throw new Failure('request.malformed', { detail: 'id is an integer' })
    return Number(id)
  })
}

export const alertRoutes: readonly Route[] = [...routesOn('threat-response'), ...routesOn('detect3')]
