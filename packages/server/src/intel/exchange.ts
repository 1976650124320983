import { readExchange, writeExchange } from '@tocsin/intel'
import type { Diagnostic } from '@tocsin/model'
import type { Principal } from '../access/index.ts'
import type { Context } from '../context.ts'
import { Failure } from '../http/failure.ts'
import { isoTime } from '../storage/times.ts'
import type { DocumentFacts } from './document.ts'
import { findDocuments, oneDocument } from './find.ts'
import { createLabel, labels, putLabel } from './labels.ts'
import { requireSource, userUploads } from './sources.ts'
import { upload } from './upload.ts'

const largest = 16 << 20
const mostSignals = 5_000

export interface Imported {
  readonly name: string
  readonly document: DocumentFacts | null
  readonly created: boolean
  readonly diagnostics: readonly Diagnostic[]
}

/** Takes in each signal of an exchange file as a document of its own; one that is refused does not hold up the others. */
export async function importExchange(
  context: Context,
  principal: Principal,
  of: { readonly bytes: Uint8Array; readonly source?: number | undefined },
): Promise<readonly Imported[]> {
  if (of.bytes.length > largest) throw new Failure('request.too-large')
  const exchange = readExchange(of.bytes)
  if (exchange === undefined || exchange.signals.length > mostSignals) throw new Failure('intel.no-exchange')
  const source = of.source ?? userUploads
  await requireSource(context.database, source)
  const idOf = await labelMaker(context, principal, exchange.labels)
  const imported: Imported[] = []
  for (const { bytes, name, labels: names } of exchange.signals) {
    const one = await importOne(context, principal, { bytes, source, name })
    imported.push(one)
    if (one.document === null) continue
    for (const label of names) await putLabel(context, principal, one.document.id, await idOf(label))
  }
  return imported
}

async function importOne(
  context: Context,
  principal: Principal,
  { bytes, source, name }: { readonly bytes: Uint8Array; readonly source: number; readonly name: string },
): Promise<Imported> {
  try {
    const { document, created, diagnostics } = await upload(context, principal, {
      bytes,
      hints: { kind: 'tanium-signal' },
      source,
    })
    return { name: document.name, document, created, diagnostics }
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'intel.unreadable') throw error
    return { name, document: null, created: false, diagnostics: error.diagnostics }
  }
}

/** Labels by name; those that are not there are made when the first document has them. */
async function labelMaker(
  context: Context,
  principal: Principal,
  told: readonly { readonly name: string; readonly description: string }[],
): Promise<(name: string) => Promise<number>> {
  const ids = new Map((await labels(context.database)).map(({ id, name }) => [name, id]))
  return async (name) => {
    const text = { name: name.slice(0, 200), description: '' }
    const known = ids.get(text.name)
    if (known !== undefined) return known
    const description = told.find((label) => label.name === name)?.description.slice(0, 2_000) ?? ''
    const { id } = await createLabel(context, principal, { ...text, description })
    ids.set(text.name, id)
    return id
  }
}

/** Live signals as an exchange file, with the labels they have. */
export async function exportExchange(
  context: Context,
  which: { readonly ids?: readonly number[] | undefined; readonly label?: number | undefined },
): Promise<string> {
  const { items } = await findDocuments(context.database, { ...which, kinds: ['tanium-signal'], limit: null })
  const known = await labels(context.database)
  const used = known.filter(({ id }) => items.some((item) => item.labels.includes(id)))
  const nameOf = new Map(used.map(({ id, name }) => [id, name]))
  const signals = []
  for (const { id, labels: own, createdAt, updatedAt } of items) {
    const { contents } = await oneDocument(context.database, id)
    signals.push({
      contents,
      createdAt: isoTime(createdAt),
      updatedAt: isoTime(updatedAt),
      labels: own.flatMap((label) => nameOf.get(label) ?? []),
    })
  }
  return writeExchange(signals, used)
}
