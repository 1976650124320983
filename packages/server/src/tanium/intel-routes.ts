import { intelOnDetect, intelOnThreatResponse } from '@tocsin/api/tanium/index.ts'
import { alertCountsOf } from '../alerts/index.ts'
import type { Context } from '../context.ts'
import { Failure } from '../http/failure.ts'
import { jsonReply, type Reply } from '../http/reply.ts'
import { type Call, type Route, route } from '../http/serve.ts'
import {
  changeLabel,
  createLabel,
  createSource,
  type DocumentWithContents,
  dropLabel,
  findDocuments,
  intelSources,
  labels,
  labelsOf,
  oneDocument,
  oneLabel,
  oneSource,
  putLabel,
  removeDocuments,
  removeLabel,
  revise,
  upload,
} from '../intel/index.ts'
import { type Base, wireDocuments, wireLabelOf, wireSourceOf } from './intel-shape.ts'
import { integersOf, pageOf, type RawQuery, sortOf, valuesOf } from './list-query.ts'
import { hintsOf, kindsOf, unwrapped } from './upload-hints.ts'

/** What the base puts around an answer: `{data, meta}` on Threat Response, nothing on Detect 3. */
export function enveloped(base: Base, data: unknown, meta?: unknown): Reply {
  if (base === 'detect3') return jsonReply(200, data)
  return jsonReply(200, meta === undefined ? { data } : { data, meta })
}

type AnyCall = Pick<Call<never>, 'context' | 'principal' | 'raw' | 'headers'> & {
  readonly query: unknown
}

/** The same translation on both bases. */
function routesOn(base: Base): readonly Route[] {
  const contracts = base === 'detect3' ? intelOnDetect : intelOnThreatResponse
  return [
    route(contracts.list, (call) => listed(base, call)),
    route(contracts.one, async ({ context, params }) =>
      one(base, context, await resolvable(context, params.id)),
    ),
    route(contracts.create, (call) => created(base, call)),
    route(contracts.createInSource, (call) => created(base, call, call.params.id)),
    route(contracts.revise, async ({ context, principal, params, raw, headers }) => {
      const received = await revise(context, principal, params.id, unwrapped(raw, hintsOf(headers)))
      return one(base, context, received.document)
    }),
    route(contracts.removeMany, async ({ context, principal, query }) => {
      const ids = integersOf(query as RawQuery, 'id')
      if (ids.length === 0) throw new Failure('request.malformed', { detail: 'id is needed' })
      await removeDocuments(context, principal, ids)
      return enveloped(base, {})
    }),
    route(contracts.removeOne, async ({ context, principal, params }) => {
      await removeDocuments(context, principal, [params.id])
      return enveloped(base, {})
    }),
    ...labelRoutes(base),
    ...sourceRoutes(base),
  ]
}

function labelRoutes(base: Base): readonly Route[] {
  const contracts = base === 'detect3' ? intelOnDetect : intelOnThreatResponse
  return [
    route(contracts.labelsOf, async ({ context, params }) =>
      enveloped(base, (await labelsOf(context.database, params.id)).map(wireLabelOf)),
    ),
    route(contracts.putLabel, async ({ context, principal, params, body }) =>
      enveloped(base, (await putLabel(context, principal, params.id, body.id)).map(wireLabelOf)),
    ),
    route(contracts.dropLabel, async ({ context, principal, params }) =>
      enveloped(base, (await dropLabel(context, principal, params.id, params.labelId)).map(wireLabelOf)),
    ),
    route(contracts.labels, async ({ context, query }) => {
      const { limit, offset } = pageOf(query as RawQuery, { usual: null, most: 10_000 })
      const all = await labels(context.database)
      return enveloped(base, all.slice(offset, limit === null ? undefined : offset + limit).map(wireLabelOf))
    }),
    route(contracts.label, async ({ context, params }) =>
      enveloped(base, wireLabelOf(await oneLabel(context.database, params.id))),
    ),
    route(contracts.createLabel, async ({ context, principal, body }) =>
      enveloped(base, wireLabelOf(await createLabel(context, principal, body))),
    ),
    route(contracts.updateLabels, async ({ context, principal, query, body }) => {
      for (const id of integersOf(query as RawQuery, 'id')) await changeLabel(context, principal, id, body)
      return enveloped(base, {})
    }),
    route(contracts.removeLabel, async ({ context, principal, params }) => {
      await removeLabel(context, principal, params.id)
      return enveloped(base, {})
    }),
  ]
}

function sourceRoutes(base: Base): readonly Route[] {
  const contracts = base === 'detect3' ? intelOnDetect : intelOnThreatResponse
  return [
    route(contracts.sources, async ({ context }) =>
      enveloped(base, (await intelSources(context.database)).map(wireSourceOf)),
    ),
    route(contracts.source, async ({ context, params }) =>
      enveloped(base, wireSourceOf(await oneSource(context.database, params.id))),
    ),
    route(contracts.createSource, async ({ context, principal, body }) =>
      enveloped(base, wireSourceOf(await createSource(context, principal, body))),
    ),
  ]
}

const sorts = { id: 'id', name: 'name', createdAt: 'createdAt', updatedAt: 'updatedAt' } as const

async function listed(base: Base, { context, query }: AnyCall): Promise<Reply> {
  const asked = query as RawQuery
  const { limit, offset } = pageOf(asked, { usual: 100, most: 1_000_000 })
  const types = valuesOf(asked, 'type')
  const [name] = valuesOf(asked, 'name')
  const { items, total } = await findDocuments(context.database, {
    ...(asked.id === undefined ? {} : { ids: integersOf(asked, 'id') }),
    // One client lists the documents whose names begin with what it sends, another those that hold it.
    ...(base === 'detect3' ? { namePrefix: name } : { name }),
    description: valuesOf(asked, 'description')[0],
    kinds: types.length === 0 ? undefined : types.flatMap(kindsOf),
    label: integersOf(asked, 'labelId')[0],
    technique: valuesOf(asked, 'mitreTechniqueId')[0],
    sort: sortOf(asked, sorts, { by: 'id', descending: false }),
    limit,
    offset,
  })
  const meta = { totalCount: total, filteredCount: total }
  return enveloped(base, await wireDocuments(context, items, base), meta)
}

/** A deleted document stays resolvable where an alert refers to it: a client's whole fetch fails otherwise. */
async function resolvable(context: Context, id: number): Promise<DocumentWithContents> {
  const document = await oneDocument(context.database, id, 'also deleted')
  if (document.deletedAt === null) return document
  if (!(await alertCountsOf(context.database, [id])).has(id)) throw new Failure('intel.unknown')
  return document
}

async function created(base: Base, call: AnyCall, source?: number): Promise<Reply> {
  const body = unwrapped(call.raw, hintsOf(call.headers))
  const { document } = await upload(call.context, call.principal, { ...body, source })
  return one(base, call.context, document)
}

async function one(base: Base, context: Context, document: Parameters<typeof wireDocuments>[1][number]) {
  const [wire] = await wireDocuments(context, [document], base)
  return enveloped(base, wire)
}

export const intelRoutes: readonly Route[] = [...routesOn('threat-response'), ...routesOn('detect3')]
