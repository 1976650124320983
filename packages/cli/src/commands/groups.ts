import { type Connection, call } from '@tocsin/api'
import { listEndpoints } from '@tocsin/api/v1/endpoints.ts'
import {
  changeGroupContract,
  createGroupContract,
  deleteGroupContract,
  listGroups,
  readGroup,
} from '@tocsin/api/v1/groups.ts'
import type { Command } from 'commander'
import { connectionOf } from '../connection.ts'
import { idOfGroup, UnknownName } from '../names.ts'
import { harmless, print, printJson, table } from '../output.ts'

export function register(program: Command): void {
  const groups = program
    .command('groups')
    .description('computer groups, which profiles, roles and scans speak of')
  groups
    .command('list', { isDefault: true })
    .description('list groups')
    .option('--json', 'one JSON object')
    .action(async ({ json }: { json?: true }) => {
      const { items } = await call(await connectionOf(), listGroups)
      if (json) return printJson({ items })
      const rows = items.map(({ id, name, endpoints }) => [id, harmless(name), endpoints])
      print(table(['id', 'name', 'endpoints'], rows))
    })
  groups
    .command('show')
    .description('show a group and its endpoints')
    .argument('<group>', 'its number or name')
    .option('--json', 'one JSON object')
    .action(async (group: string, { json }: { json?: true }) => {
      const connection = await connectionOf()
      const shown = await call(connection, readGroup, { params: { id: await idOfGroup(connection, group) } })
      if (json) return printJson(shown)
      const rows = shown.members.map(({ number, computerName, id }) => [number, harmless(computerName), id])
      print(table(['number', 'endpoint', 'id'], rows))
    })
  groups
    .command('set')
    .description('create a group of these endpoints, or make the group of this name one of them')
    .argument('<name>', 'what it is called')
    .argument('[endpoints...]', 'numbers, ids or computer names')
    .action(async (name: string, endpoints: string[]) => {
      const connection = await connectionOf()
      const body = { name, endpoints: await idsOfEndpoints(connection, endpoints) }
      const { items } = await call(connection, listGroups)
      const known = items.find((each) => each.name.toLowerCase() === name.toLowerCase())
      const { id, members } =
        known === undefined
          ? await call(connection, createGroupContract, { body })
          : await call(connection, changeGroupContract, { params: { id: known.id }, body })
      print(`group ${id} has ${members.length} endpoints`)
    })
  groups
    .command('delete')
    .description('delete a group; its endpoints stay')
    .argument('<group>', 'its number or name')
    .action(async (group: string) => {
      const connection = await connectionOf()
      await call(connection, deleteGroupContract, { params: { id: await idOfGroup(connection, group) } })
      print(`group ${group} is deleted`)
    })
}

async function idsOfEndpoints(connection: Connection, wanted: readonly string[]): Promise<string[]> {
  const ids = await Promise.all(wanted.map((each) => idsOfEndpoint(connection, each)))
  return [...new Set(ids.flat())]
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** A computer name can be that of several. */
async function idsOfEndpoint(connection: Connection, wanted: string): Promise<string[]> {
  if (uuid.test(wanted)) return [wanted.toLowerCase()]
  const isNumber = /^\d+$/.test(wanted)
  const query = { revoked: 'false', limit: '1000', ...(isNumber ? {} : { name: wanted }) }
  const { items } = await call(connection, listEndpoints, { query })
  const found = items.filter(({ number, computerName }) =>
    isNumber ? number === Number(wanted) : computerName.toLowerCase() === wanted.toLowerCase(),
  )
  if (found.length === 0) throw new UnknownName(`No endpoint is called ${wanted}.`)
  return found.map(({ id }) => id)
}
