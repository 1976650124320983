import { call } from '@tocsin/api'
import { createEnrolmentToken } from '@tocsin/api/v1/access.ts'
import type { Command } from 'commander'
import { connectionOf } from '../connection.ts'
import { print, printJson } from '../output.ts'

export function register(program: Command): void {
  program
    .command('enroll-token')
    .description('create a token that enrols one endpoint within 15 minutes')
    .option('--json', 'one JSON object')
    .action(async ({ json }: { json?: true }) => {
      const created = await call(await connectionOf(), createEnrolmentToken)
      if (json) return printJson(created)
      print(created.token)
      print('On the endpoint, with the token in a file:')
      print(
        `  tocsin agent --server ${created.uplink} --token-file FILE --ca-pin ${created.caPin} --state /var/lib/tocsin-agent`,
      )
    })
}
