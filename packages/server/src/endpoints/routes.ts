import * as contracts from '@tocsin/api/v1/endpoints.ts'
import * as groupContracts from '@tocsin/api/v1/groups.ts'
import type { Context } from '../context.ts'
import { Failure } from '../http/failure.ts'
import { type Route, route } from '../http/serve.ts'
import { isoTime, isoTimeOrNull } from '../storage/times.ts'
import { sortOf } from '../storage/where.ts'
import { changeGroup, createGroup, deleteGroup } from './change-groups.ts'
import { endpointSorts, findEndpoints, oneEndpoint } from './find.ts'
import { type ComputerGroup, computerGroups, groupById, membersOf } from './groups.ts'
import { readableGroups, requireRevocation } from './policy.ts'
import { blindIntervalsOf } from './presence.ts'
import { revoke } from './revoke.ts'
import type { Endpoint } from './store.ts'

export const routes: readonly Route[] = [
  route(contracts.listEndpoints, async ({ context, principal, query }) => {
    const { items, total } = await findEndpoints(context.database, {
      ...query,
      sort: sortOf(query.sort, endpointSorts, { by: 'number', descending: false }),
      groups: readableGroups(principal),
    })
    return { items: items.map(shown), total }
  }),
  route(contracts.readEndpoint, async ({ context, principal, params }) => {
    const endpoint = await oneEndpoint(context.database, params.id, readableGroups(principal))
    const blind = await blindIntervalsOf(context, params.id, 100)
    return {
      ...shown(endpoint),
      capability: shownCapability(endpoint),
      counters: { ...endpoint.counters },
      blind: blind.map((each) => ({ ...each, from: isoTime(each.from), to: isoTime(each.to) })),
    }
  }),
  route(contracts.revokeEndpoint, async ({ context, principal, params }) => {
    requireRevocation(principal)
    await revoke(context, principal, params.id)
    return {}
  }),
  route(groupContracts.listGroups, async ({ context, principal }) => {
    const groups = readableGroups(principal)
    const all = await computerGroups(context.database)
    return { items: all.filter(({ id }) => groups === undefined || groups.includes(id)) }
  }),
  route(groupContracts.readGroup, async ({ context, principal, params }) => {
    const groups = readableGroups(principal)
    if (groups !== undefined && !groups.includes(params.id)) throw new Failure('group.unknown')
    return withMembers(context, await groupById(context.database, params.id))
  }),
  route(groupContracts.createGroupContract, async ({ context, principal, body }) =>
    withMembers(context, await createGroup(context, principal, body)),
  ),
  route(groupContracts.changeGroupContract, async ({ context, principal, params, body }) =>
    withMembers(context, await changeGroup(context, principal, params.id, body)),
  ),
  route(groupContracts.deleteGroupContract, async ({ context, principal, params }) => {
    await deleteGroup(context, principal, params.id)
    return {}
  }),
]

async function withMembers(context: Context, group: ComputerGroup) {
  return { ...group, members: [...(await membersOf(context.database, group.id))] }
}

function shown(endpoint: Endpoint) {
  const { id, number, computerName, agent, revision, connected, facts } = endpoint
  return {
    ...{ id, number, computerName, agent, revision, connected, facts },
    platform: endpoint.capability?.platform ?? null,
    enrolledAt: isoTime(endpoint.enrolledAt),
    seenAt: isoTime(endpoint.seenAt),
    revokedAt: isoTimeOrNull(endpoint.revokedAt),
  }
}

function shownCapability({ capability }: Endpoint) {
  if (capability === null) return null
  return {
    ...capability,
    contracts: [...capability.contracts],
    events: lists(capability.events),
    state: lists(capability.state),
    historySince: isoTimeOrNull(capability.historySince),
    yara: capability.yara.map((each) => ({ ...each, modules: [...each.modules] })),
    why: { ...capability.why },
  }
}

function lists(of: Readonly<Record<string, readonly string[]>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(of).map(([name, values]) => [name, [...values]]))
}
