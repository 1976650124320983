import { processSources } from '../../packages/agent/src/scan/state/process-details.ts'
import { stateProviders } from '../../packages/agent/src/scan/state/providers.ts'
import { type ObjectKind, type PropertyRow, vocabulary } from '../../packages/model/src/index.ts'
import { table } from './table.ts'

/** What scans read besides the content of files, and where they read it on Linux. */
export function stateObjectsPage(): string {
  const objects: readonly (readonly [ObjectKind, Readonly<Record<string, string>>])[] = [
    ...stateProviders.map(({ object, sources }) => [object, sources] as const),
    ['process', processSources],
  ]
  return `# Objects of state
What a scan finds on a machine besides files and running processes, and where it reads that on Linux.
A scan reads an object only if a program of the active set asks for it. What one endpoint cannot tell is left out of its
capability, with the reason.

An object that cannot be read to its end – a file beyond its limit, a folder that cannot be entered, a network file
system – leaves the pass incomplete for objects of that kind: nothing is denied of them, and the scan's progress counts
why. No file that lists entries is read beyond 1 MiB, links are followed only to other files of the machine's own file
systems, and pipes and devices are not opened as files.

${objects.map(([object, sources]) => section(object, sources)).join('\n\n')}
`
}

function section(object: ObjectKind, sources: Readonly<Record<string, string>>): string {
  const rows = Object.entries(sources).map(([property, source]) => [
    `\`${property}\``,
    rowOf(property).type,
    rowOf(property).meaning,
    source,
  ])
  return `## ${object}\n\n${table(['property', 'type', 'meaning', 'read from'], rows)}`
}

function rowOf(property: string): PropertyRow {
  const row = vocabulary.get(property)
  if (row === undefined) throw new Error(`${property} is no row of the vocabulary`)
  return row
}
