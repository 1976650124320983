import * as contracts from '@tocsin/api/v1/intel.ts'
import type { Hints } from '@tocsin/intel'
import type { Kind, Platform } from '@tocsin/model'
import { coverageOn, oneEndpoint, reachOfPrograms, summaryOf } from '../endpoints/index.ts'
import { Reply } from '../http/reply.ts'
import { type Route, route } from '../http/serve.ts'
import { sortOf } from '../storage/where.ts'
import { exportExchange, importExchange } from './exchange.ts'
import { deployedRevisions, documentSorts, findDocuments, oneDocument, sourceBytes } from './find.ts'
import { changeLabel, createLabel, dropLabel, labels, putLabel, removeLabel } from './labels.ts'
import { removeDocuments } from './remove.ts'
import { revise } from './revise.ts'
import { shownDocument, shownInList, shownReceived, shownTimes, shownWithContents } from './shown.ts'
import { createSource, intelSources } from './sources.ts'
import { upload } from './upload.ts'

const documents: readonly Route[] = [
  route(contracts.listIntel, async ({ context, query }) => {
    const { kind, sort, ...filter } = query
    const { items, total } = await findDocuments(context.database, {
      ...filter,
      kinds: kind,
      sort: sortOf(sort, documentSorts, { by: 'id', descending: false }),
    })
    const [reaches, deployed] = await Promise.all([
      reachOfPrograms(
        context.database,
        items.map(({ program }) => program),
      ),
      deployedRevisions(
        context.database,
        items.map(({ id }) => id),
      ),
    ])
    return {
      items: items.map((each) => shownInList(each, deployed.get(each.id) ?? null, reaches.get(each.program))),
      total,
    }
  }),
  route(contracts.readIntelDocument, async ({ context, params }) => {
    const document = await oneDocument(context.database, params.id, 'also deleted')
    return shownWithContents(document, await summaryOf(context.database, document.program))
  }),
  route(
    contracts.readIntelSource,
    async ({ context, params, query }) =>
      new Reply(
        200,
        'application/octet-stream',
        await sourceBytes(context.database, params.id, query.revision),
        { 'content-disposition': 'attachment' },
      ),
  ),
  route(contracts.uploadIntel, async ({ context, principal, query, raw }) =>
    shownReceived(
      await upload(context, principal, { bytes: raw, hints: hintsOf(query), source: query.source }),
    ),
  ),
  route(contracts.importSignals, async ({ context, principal, query, raw }) => {
    const imported = await importExchange(context, principal, { bytes: raw, source: query.source })
    return {
      items: imported.map(({ name, document, created, diagnostics }) => ({
        name,
        document: document === null ? null : shownDocument(document),
        created,
        diagnostics: [...diagnostics],
      })),
    }
  }),
  route(contracts.exportSignals, async ({ context, query }) => {
    const text = await exportExchange(context, { ids: query.id, label: query.label })
    return new Reply(200, 'application/json', new TextEncoder().encode(text), {
      'content-disposition': 'attachment; filename="signals.json"',
    })
  }),
  route(contracts.reviseIntel, async ({ context, principal, params, query, raw }) =>
    shownReceived(await revise(context, principal, params.id, { bytes: raw, hints: hintsOf(query) })),
  ),
  route(contracts.removeIntel, async ({ context, principal, params }) => {
    await removeDocuments(context, principal, [params.id])
    return {}
  }),
  route(contracts.readCoverage, async ({ context, params }) => {
    const { program } = await oneDocument(context.database, params.id, 'also deleted')
    const { id } = await oneEndpoint(context.database, params.endpoint)
    const coverage = await coverageOn(context.database, id, program)
    if (coverage === null) return { coverage: null }
    const because = coverage.because.map((each) => ({ ...each, at: [...each.at] }))
    return { coverage: { ...coverage, because } }
  }),
]

const labelling: readonly Route[] = [
  route(contracts.listLabels, async ({ context }) => ({
    items: (await labels(context.database)).map(shownTimes),
  })),
  route(contracts.createLabelContract, async ({ context, principal, body }) =>
    shownTimes(await createLabel(context, principal, body)),
  ),
  route(contracts.changeLabelContract, async ({ context, principal, params, body }) =>
    shownTimes(await changeLabel(context, principal, params.id, body)),
  ),
  route(contracts.removeLabelContract, async ({ context, principal, params }) => {
    await removeLabel(context, principal, params.id)
    return {}
  }),
  route(contracts.putLabelContract, async ({ context, principal, params }) => ({
    items: (await putLabel(context, principal, params.id, params.label)).map(shownTimes),
  })),
  route(contracts.dropLabelContract, async ({ context, principal, params }) => ({
    items: (await dropLabel(context, principal, params.id, params.label)).map(shownTimes),
  })),
]

const sources: readonly Route[] = [
  route(contracts.listSources, async ({ context }) => ({
    items: (await intelSources(context.database)).map(shownTimes),
  })),
  route(contracts.createSourceContract, async ({ context, principal, body }) =>
    shownTimes(await createSource(context, principal, body)),
  ),
]

export const routes: readonly Route[] = [...documents, ...labelling, ...sources]

function hintsOf(query: {
  readonly fileName?: string | undefined
  readonly kind?: Kind | undefined
  readonly name?: string | undefined
  readonly description?: string | undefined
  readonly platform?: readonly Platform[] | undefined
}): Hints {
  const { fileName, kind, name, description, platform: platforms } = query
  return {
    ...(fileName === undefined ? {} : { fileName }),
    ...(kind === undefined ? {} : { kind }),
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    ...(platforms === undefined ? {} : { platforms }),
  }
}
