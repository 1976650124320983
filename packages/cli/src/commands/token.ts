import { call, type Permission, permissions } from '@tocsin/api'
import { createToken, listTokens, revokeToken } from '@tocsin/api/v1/access.ts'
import type { Command } from 'commander'
import { connectionOf } from '../connection.ts'
import { harmless, print, printJson, table } from '../output.ts'

export function register(program: Command): void {
  const token = program.command('token').description('API tokens')
  token
    .command('create')
    .description('create a token; it is shown this once')
    .argument('<name>', 'what it is for')
    .option('--scope <permission...>', `only these permissions: ${permissions.join(', ')}`)
    .option('--days <count>', 'how long it works', '90')
    .option('--json', 'one JSON object')
    .action(
      async (name: string, { scope, days, json }: { scope?: Permission[]; days: string; json?: true }) => {
        const created = await call(await connectionOf(), createToken, {
          body: { name, scope: scope ?? null, days: Number(days) },
        })
        if (json) printJson(created)
        else print(created.token)
      },
    )
  token
    .command('list')
    .description('list tokens')
    .option('--json', 'one JSON object')
    .action(async ({ json }: { json?: true }) => {
      const { items } = await call(await connectionOf(), listTokens)
      if (json) return printJson({ items })
      const rows = items.map((each) => [
        each.id,
        harmless(each.name),
        harmless(each.user),
        each.scope?.join(' ') ?? 'all',
        each.revokedAt === null ? each.expiresAt : 'revoked',
      ])
      print(table(['id', 'name', 'user', 'scope', 'expires'], rows))
    })
  token
    .command('revoke')
    .description('revoke a token at once')
    .argument('<id>', 'its number')
    .action(async (id: string) => {
      await call(await connectionOf(), revokeToken, { params: { id } })
      print(`token ${id} is revoked`)
    })
}
