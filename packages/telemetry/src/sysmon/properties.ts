import type { FieldRow, SysmonRow } from './table.ts'
import { parentRows, sysmonTable } from './table.ts'

/** The properties that a row of a table fills. */
export function propertiesOfField({ to, as }: FieldRow): readonly string[] {
  if (as === 'hashes') return [`${to}.md5`, `${to}.sha1`, `${to}.sha256`]
  if (as !== 'path') return [to]
  const more = to === 'file' ? ['file.directory', 'file.extension'] : []
  return [`${to}.path`, `${to}.name`, ...more]
}

/** What several values say together, by object. */
const together: Readonly<Record<string, readonly string[]>> = {
  process: ['process.operation', 'process.start_time'],
  file: ['file.operation'],
  network: [
    'operation',
    'local_address',
    'local_port',
    'remote_address',
    'remote_port',
    'address',
    'port',
  ].map((name) => `network.${name}`),
  registry: ['registry.operation', 'registry.key_path', 'registry.value_name'],
}

/**
 * Object → properties that Sysmon's events can carry.
 * Limit: what the configuration of Sysmon leaves out is claimed all the same; nothing in its events tells.
 */
export const sysmonProperties: Readonly<Record<string, readonly string[]>> = ofRows(sysmonTable)

function ofRows(rows: readonly SysmonRow[]): Record<string, readonly string[]> {
  const byObject = new Map<string, Set<string>>()
  for (const row of rows) {
    if ('why' in row) continue
    const names = byObject.get(row.object) ?? new Set(together[row.object] ?? [])
    byObject.set(row.object, names)
    const own = row.object === 'process' ? row.actor : row.fields
    for (const property of own.flatMap(propertiesOfField)) names.add(property)
  }
  const process = byObject.get('process')
  for (const property of parentRows.flatMap(propertiesOfField)) {
    process?.add(property.replace('process.', 'process.parent_'))
    process?.add(property.replace('process.', 'process.ancestry_'))
  }
  for (const each of ['md5', 'sha1', 'sha256'])
    for (const owner of ['parent', 'ancestry']) process?.add(`process.${owner}_${each}`)
  process?.delete('process.ancestry_pid')
  return Object.fromEntries([...byObject].map(([object, names]) => [object, [...names]]))
}
