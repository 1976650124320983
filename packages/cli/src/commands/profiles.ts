import { readFile, writeFile } from 'node:fs/promises'
import { type Connection, call } from '@tocsin/api'
import {
  changeProfileContract,
  createProfileContract,
  deleteProfileContract,
  exportedProfile,
  exportProfileContract,
  importProfileContract,
  listProfiles,
  readProfile,
} from '@tocsin/api/v1/profiles.ts'
import type { Command } from 'commander'
import { connectionOf } from '../connection.ts'
import { exitCodes } from '../exit-codes.ts'
import { idOfProfile } from '../names.ts'
import { harmless, print, printJson, table, tell } from '../output.ts'
import { type Assignment, assigned } from '../set-parts.ts'

export function register(program: Command): void {
  const profiles = program
    .command('profiles')
    .description('what intel, recording, scans and budget go to which computer groups')
  profiles
    .command('list', { isDefault: true })
    .description('list profiles, the highest priority first')
    .option('--json', 'one JSON object')
    .action(async ({ json }: { json?: true }) => {
      const { items } = await call(await connectionOf(), listProfiles)
      if (json) return printJson({ items })
      const rows = items.map((each) => [
        each.id,
        harmless(each.name),
        each.priority,
        each.version,
        each.state,
      ])
      print(table(['id', 'name', 'priority', 'version', 'state'], rows))
    })
  profiles
    .command('show')
    .description('show a profile as JSON')
    .argument('<profile>', 'its number or name')
    .action(async (profile: string) => {
      const connection = await connectionOf()
      const shown = await call(connection, readProfile, {
        params: { id: await idOfProfile(connection, profile) },
      })
      print(JSON.stringify(shown, undefined, 2))
    })
  profiles
    .command('set')
    .description('create a profile, or change parts of it; it takes effect with the next deployment')
    .argument('<profile>', 'its number or name')
    .argument('[parts...]', 'such as scan.rescanHours=24, recorder.off=["dns"], groups=[2]; values are JSON')
    .option('--create', 'there is none of this name yet')
    .action(async (profile: string, parts: string[], { create }: { create?: true }) => {
      const set = parts.map(partOf)
      const connection = await connectionOf()
      const { id, version, state } = create
        ? await call(connection, createProfileContract, { body: assigned({ name: profile }, set) as never })
        : await change(connection, await idOfProfile(connection, profile), set)
      print(`profile ${id} has version ${version}: ${state}`)
    })
  profiles
    .command('delete')
    .description('delete a profile; its endpoints keep it until the next deployment')
    .argument('<profile>', 'its number or name')
    .action(async (profile: string) => {
      const connection = await connectionOf()
      await call(connection, deleteProfileContract, {
        params: { id: await idOfProfile(connection, profile) },
      })
      print(`profile ${profile} is deleted`)
    })
  registerExchange(profiles)
}

function registerExchange(profiles: Command): void {
  profiles
    .command('export')
    .description('write a profile with names instead of ids')
    .argument('<profile>', 'its number or name')
    .option('--output <file>', 'a file; standard output without')
    .action(async (profile: string, { output }: { output?: string }) => {
      const connection = await connectionOf()
      const params = { id: await idOfProfile(connection, profile) }
      const text = `${JSON.stringify(await call(connection, exportProfileContract, { params }), undefined, 2)}\n`
      if (output === undefined) process.stdout.write(text)
      else await writeFile(output, text)
    })
  profiles
    .command('import')
    .description('create a profile as it was exported, or change the one of its name')
    .argument('<file>', 'what was exported')
    .action(async (file: string) => {
      const read = exportedProfile.safeParse(jsonOf(await readFile(file, 'utf8')))
      if (!read.success) {
        tell(`${file} is no exported profile`)
        process.exitCode = exitCodes.usage
        return
      }
      const { id, version, state } = await call(await connectionOf(), importProfileContract, {
        body: read.data,
      })
      print(`profile ${id} has version ${version}: ${state}`)
    })
}

/** Of the version that was read: who changes it meanwhile is not overruled. */
async function change(connection: Connection, id: number, set: readonly Assignment[]) {
  const before = await call(connection, readProfile, { params: { id } })
  return call(connection, changeProfileContract, { params: { id }, body: assigned(before, set) as never })
}

/** `name=JSON`; a value that is no JSON is text. */
function partOf(text: string): Assignment {
  const at = text.indexOf('=')
  const [path, value] = at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
  return { path: path.split('.'), value: jsonOf(value) ?? value }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
