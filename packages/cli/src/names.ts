import { type Connection, call } from '@tocsin/api'
import { listGroups } from '@tocsin/api/v1/groups.ts'
import { listProfiles } from '@tocsin/api/v1/profiles.ts'

/** What a person named is not there. */
export class UnknownName extends Error {}

export async function idOfGroup(connection: Connection, wanted: string): Promise<number> {
  const { items } = await call(connection, listGroups)
  return idAmong(items, wanted, 'computer group')
}

export async function idOfProfile(connection: Connection, wanted: string): Promise<number> {
  const { items } = await call(connection, listProfiles)
  return idAmong(items, wanted, 'profile')
}

/** By number, or by name without case. */
function idAmong(
  items: readonly { readonly id: number; readonly name: string }[],
  wanted: string,
  what: string,
): number {
  const found = items.find(
    ({ id, name }) => String(id) === wanted || name.toLowerCase() === wanted.toLowerCase(),
  )
  if (found === undefined) throw new UnknownName(`No ${what} is called ${wanted}.`)
  return found.id
}
