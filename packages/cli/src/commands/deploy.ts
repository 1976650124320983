import { type Connection, call } from '@tocsin/api'
import { deployIntel, oneDeployment } from '@tocsin/api/v1/deployments.ts'
import type { Command } from 'commander'
import { connectionOf } from '../connection.ts'
import { exitCodes } from '../exit-codes.ts'
import { print, printJson } from '../output.ts'

const patienceMs = 120_000

export function register(program: Command): void {
  program
    .command('deploy')
    .description('bring the intel to the endpoints and wait until those that are there have answered')
    .option('--no-wait', 'do not wait for the endpoints')
    .option('--json', 'one JSON object')
    .action(async ({ wait, json }: { wait: boolean; json?: true }) => {
      const connection = await connectionOf()
      const { revision, changed } = await call(connection, deployIntel)
      if (!json)
        print(changed ? `revision ${revision} is on its way` : `revision ${revision}: nothing changed`)
      const report = wait ? await settled(connection, revision, json !== true) : undefined
      if (json)
        printJson({ revision, changed, ...(report === undefined ? {} : { endpoints: report.endpoints }) })
      const isRefused = (report?.endpoints.refused.length ?? 0) > 0 || (report?.endpoints.pending ?? 0) > 0
      process.exitCode = isRefused ? exitCodes.no : exitCodes.done
    })
}

/** Shows how far it is whenever that changes. */
async function settled(connection: Connection, revision: number, show: boolean) {
  const end = Date.now() + patienceMs
  let before = ''
  for (;;) {
    const report = await call(connection, oneDeployment, { params: { revision } })
    const { activated, pending, offline, refused, setAside } = report.endpoints
    const refusals = refused.map(({ code, endpoints }) => `, ${endpoints} refused (${code})`).join('')
    const aside = setAside
      .map(({ code, endpoints }) => `, a program set aside on ${endpoints} (${code})`)
      .join('')
    const line = `${activated} activated, ${pending} pending, ${offline} offline${refusals}${aside}`
    if (show && line !== before) print(line)
    before = line
    if (pending === 0 || Date.now() > end) return report
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}
