import { CallRefused, type Connection, call } from '@tocsin/api'
import { countAlerts } from '@tocsin/api/v1/alerts.ts'
import { listIntel } from '@tocsin/api/v1/intel.ts'
import type { Command } from 'commander'
import { connectionOf } from '../connection.ts'
import { intelTable } from '../intel-table.ts'
import { print, printJson } from '../output.ts'

interface Options {
  readonly name?: string
  readonly silent?: true
  readonly json?: true
}

const pageSize = 1_000

export function register(program: Command): void {
  program
    .command('intel')
    .description('list intel documents: what is deployed, where they can fire, and what they raised')
    .option('--name <text>', 'only documents with this in their name')
    .option('--silent', 'only documents that no enrolled endpoint can evaluate')
    .option('--json', 'one JSON object')
    .action(async ({ name, silent, json }: Options) => {
      const connection = await connectionOf()
      const [documents, alerts] = await Promise.all([
        allDocuments(connection, name),
        alertsByDocument(connection),
      ])
      const items = documents
        .filter(({ coverage }) => !silent || coverage.silent !== null)
        .map((each) => ({ ...each, alerts: alerts === null ? null : (alerts.get(each.id) ?? 0) }))
      if (json) printJson({ items })
      else print(intelTable(items))
    })
}

type Page = Awaited<ReturnType<typeof pageFrom>>

function pageFrom(connection: Connection, offset: number, name: string | undefined) {
  const query = { limit: String(pageSize), offset: String(offset), ...(name === undefined ? {} : { name }) }
  return call(connection, listIntel, { query })
}

async function allDocuments(connection: Connection, name: string | undefined): Promise<Page['items']> {
  const documents: Page['items'] = []
  for (;;) {
    const { items, total } = await pageFrom(connection, documents.length, name)
    documents.push(...items)
    if (items.length === 0 || documents.length >= total) return documents
  }
}

/** Nothing for a token that may not read alerts. */
async function alertsByDocument(connection: Connection): Promise<ReadonlyMap<number, number> | null> {
  try {
    const { items } = await call(connection, countAlerts, { query: { by: 'intel' } })
    return new Map(items.map(({ value, count }) => [Number(value), count]))
  } catch (error) {
    if (error instanceof CallRefused && error.status === 403) return null
    throw error
  }
}
