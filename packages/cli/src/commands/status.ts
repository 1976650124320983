import { call } from '@tocsin/api'
import { deploymentState } from '@tocsin/api/v1/deployments.ts'
import { listEndpoints } from '@tocsin/api/v1/endpoints.ts'
import type { Command } from 'commander'
import { connectionOf } from '../connection.ts'
import { harmless, print, printJson, table } from '../output.ts'

export function register(program: Command): void {
  program
    .command('status')
    .description('which revision the fleet runs, and who is there')
    .option('--json', 'one JSON object')
    .action(async ({ json }: { json?: true }) => {
      const connection = await connectionOf()
      const [deployment, endpoints] = await Promise.all([
        call(connection, deploymentState),
        call(connection, listEndpoints, { query: { limit: 100 } }),
      ])
      const health = await (await connection.fetch(`${connection.baseUrl}/api/v1/health`, {})).json()
      if (json) {
        printJson({ health, deployment, endpoints: endpoints.items })
        return
      }
      const { status, down, degraded } = health as { status: string; down: string[]; degraded: string[] }
      print(`health: ${status}${down.length > 0 ? ` (${down.join(', ')} down)` : ''}`)
      for (const line of degraded) print(`  ${harmless(line)}`)
      const { currentRevision, pendingRevision } = deployment
      print(
        `revision: ${currentRevision ?? 'none'}${pendingRevision === null ? '' : `, ${pendingRevision} is on its way`}`,
      )
      const rows = endpoints.items.map((each) => [
        harmless(each.computerName),
        each.connected ? 'connected' : 'offline',
        each.revision,
        each.seenAt,
      ])
      print(table(['endpoint', 'state', 'revision', 'seen'], rows))
    })
}
