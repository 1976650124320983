import type { Micros } from '@tocsin/model'
import type { Principal } from '../access/index.ts'
import { record } from '../audit/index.ts'
import type { Context } from '../context.ts'
import { Failure } from '../http/failure.ts'
import type { Queryable } from '../storage/database.ts'
import { only } from '../storage/where.ts'

/** A tag of documents. */
export interface Label {
  readonly id: number
  readonly name: string
  readonly description: string
  readonly indicatorCount: number
  readonly signalCount: number
  readonly createdAt: Micros
  readonly updatedAt: Micros
}
export interface LabelText {
  readonly name: string
  readonly description: string
}

const columns = `l.id, l.name, l.description, l.created_at as "createdAt", l.updated_at as "updatedAt",
  (select count(*) from document_labels x join documents d on d.id = x.document
    where x.label = l.id and d.deleted_at is null and d.kind <> 'tanium-signal') as "indicatorCount",
  (select count(*) from document_labels x join documents d on d.id = x.document
    where x.label = l.id and d.deleted_at is null and d.kind = 'tanium-signal') as "signalCount"`

export function labels(within: Queryable): Promise<readonly Label[]> {
  return within.query<Label>(`select ${columns} from labels l order by l.id`)
}

export async function oneLabel(within: Queryable, id: number): Promise<Label> {
  const [label] = await within.query<Label>(`select ${columns} from labels l where l.id = $1`, [id])
  if (label === undefined) throw new Failure('label.unknown')
  return label
}

/** A document's labels, also those of a deleted one: alerts show them. */
export async function labelsOf(within: Queryable, document: number): Promise<readonly Label[]> {
  const known = await within.query('select from documents where id = $1', [document])
  if (known.length === 0) throw new Failure('intel.unknown')
  return within.query<Label>(
    `select ${columns} from labels l join document_labels on label = l.id where document = $1 order by l.id`,
    [document],
  )
}

/** Puts a label on a document; gives all labels it has then. */
export async function putLabel(
  context: Context,
  principal: Principal,
  document: number,
  label: number,
): Promise<readonly Label[]> {
  await oneLabel(context.database, label)
  await context.database.transaction(async (within) => {
    await requireLive(within, document)
    const put = await within.query(
      'insert into document_labels (document, label) values ($1, $2) on conflict do nothing returning label',
      [document, label],
    )
    if (put.length > 0) await record(within, principal, 'intel.label', document, { label })
  })
  return labelsOf(context.database, document)
}

/** Takes a label off; gives the labels that remain. One that was not there changes nothing. */
export async function dropLabel(
  context: Context,
  principal: Principal,
  document: number,
  label: number,
): Promise<readonly Label[]> {
  await context.database.transaction(async (within) => {
    await requireLive(within, document)
    const dropped = await within.query(
      'delete from document_labels where document = $1 and label = $2 returning label',
      [document, label],
    )
    if (dropped.length > 0) await record(within, principal, 'intel.unlabel', document, { label })
  })
  return labelsOf(context.database, document)
}

export async function createLabel(context: Context, principal: Principal, text: LabelText): Promise<Label> {
  const id = await context.database.transaction(async (within) => {
    await requireFreeName(within, text.name)
    const row = only(
      await within.query<{ id: number }>(
        'insert into labels (name, description, created_at, updated_at) values ($1, $2, $3, $3) returning id',
        [text.name, text.description, context.now()],
      ),
    )
    await record(within, principal, 'label.create', row.id, { name: text.name })
    return row.id
  })
  return oneLabel(context.database, id)
}

export async function changeLabel(
  context: Context,
  principal: Principal,
  id: number,
  text: LabelText,
): Promise<Label> {
  await context.database.transaction(async (within) => {
    await requireFreeName(within, text.name, id)
    const rows = await within.query(
      'update labels set name = $2, description = $3, updated_at = $4 where id = $1 returning id',
      [id, text.name, text.description, context.now()],
    )
    if (rows.length === 0) throw new Failure('label.unknown')
    await record(within, principal, 'label.change', id, { name: text.name })
  })
  return oneLabel(context.database, id)
}

/** Deletes a label; documents lose it. */
export async function removeLabel(context: Context, principal: Principal, id: number): Promise<void> {
  await context.database.transaction(async (within) => {
    const rows = await within.query<{ name: string }>('delete from labels where id = $1 returning name', [id])
    if (rows[0] === undefined) throw new Failure('label.unknown')
    await record(within, principal, 'label.remove', id, { name: rows[0].name })
  })
}

async function requireLive(within: Queryable, document: number): Promise<void> {
  const rows = await within.query('select from documents where id = $1 and deleted_at is null for update', [
    document,
  ])
  if (rows.length === 0) throw new Failure('intel.unknown')
}

async function requireFreeName(within: Queryable, name: string, but = 0): Promise<void> {
  await within.query('select pg_advisory_xact_lock(7402320)')
  const rows = await within.query('select from labels where name = $1 and id <> $2', [name, but])
  if (rows.length > 0) throw new Failure('label.name-taken')
}
