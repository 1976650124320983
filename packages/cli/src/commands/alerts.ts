import { type Connection, call } from '@tocsin/api'
import { listAlerts } from '@tocsin/api/v1/alerts.ts'
import type { AlertState } from '@tocsin/model'
import type { Command } from 'commander'
import { connectionOf } from '../connection.ts'
import { harmless, print, printJson, table } from '../output.ts'

interface Options {
  readonly state?: AlertState
  readonly limit: string
  readonly follow?: true
  readonly json?: true
}

const pollMs = 500

export function register(program: Command): void {
  program
    .command('alerts')
    .description('list alerts, the newest first')
    .option('--state <state>', 'only alerts in this state')
    .option('--limit <count>', 'at most so many', '50')
    .option('--follow', 'go on with new ones as they come')
    .option('--json', 'one JSON object; with --follow one a line')
    .action(async (options: Options) => {
      const connection = await connectionOf()
      const { items, total } = await page(connection, options)
      if (options.follow) return follow(connection, options, items)
      if (options.json) printJson({ items, total })
      else {
        print(table(['id', 'raised', 'state', 'endpoint', 'intel', 'on', 'path'], items.map(rowOf)))
        if (total > items.length) print(`${total} in all`)
      }
    })
}

type Alert = Awaited<ReturnType<typeof page>>['items'][number]

function page(connection: Connection, { state, limit }: Pick<Options, 'state' | 'limit'>) {
  return call(connection, listAlerts, {
    query: { limit, ...(state === undefined ? {} : { state: [state] }) },
  })
}

function rowOf(alert: Alert): readonly (string | number)[] {
  const { id, raisedAt, state, computerName, intel, matchType, path } = alert
  return [id, raisedAt, state, harmless(computerName), harmless(intel.name), matchType, harmless(path)]
}

/** Alerts become visible in the order of their ids, so none is missed. */
async function follow(connection: Connection, options: Options, first: readonly Alert[]): Promise<void> {
  const show = (alert: Alert) => (options.json ? printJson(alert) : print(rowOf(alert).join('  ')))
  for (const alert of first.toReversed()) show(alert)
  let last = Math.max(0, ...first.map(({ id }) => id))
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, pollMs))
    const { items } = await page(connection, { ...options, limit: '500' })
    const fresh = items.filter(({ id }) => id > last).sort((left, right) => left.id - right.id)
    for (const alert of fresh) show(alert)
    last = Math.max(last, ...fresh.map(({ id }) => id))
  }
}
