import { unseenPaths, unseenTypes } from '../../packages/intel/src/formats/stix2/unseen.ts'
import { endpointViews, seenTypes } from '../../packages/intel/src/formats/stix2/vocabulary.ts'
import { codes, table } from './table.ts'

/** The objects of STIX 2: what each path reads, or why no endpoint shows it. */
export function stix2ObjectsPage(): string {
  const types = [...seenTypes()].sort()
  return `# Objects of STIX 2
How Tocsin reads a document: [STIX and CybOX](../guides/stix-and-cybox.md). A test reads each of the properties beside its path, on an object
of that kind; a test that shows on no endpoint gets the diagnostic \`ST2009\` with the reason that stands here. The first of a list stands
for any of it. On which platforms a property is delivered stands in [properties](properties.md); content is looked at by scans.

${types.map(typePart).join('\n')}
## Objects that no endpoint sees

${table(
  ['object', 'why'],
  Object.entries(unseenTypes).map(([type, why]) => [`\`${type}\``, why]),
)}
`
}

function typePart(type: string): string {
  const rows = endpointViews(type).flatMap(({ paths }) => paths)
  const byPath = Map.groupBy(rows, ([path]) => path)
  const lines = [...byPath].map(([path, read]) => [
    `\`${path}\``,
    [...new Set(read.map(([, reads]) => reads))].map(shown).join(', '),
  ])
  const missing = (unseenPaths[type] ?? []).map(([, why]) => why)
  const reasons = [...new Set(missing)].map((why) => `- ${why}\n`)
  const others = reasons.length === 0 ? '' : `\n\nOf its other paths:\n${reasons.join('')}`
  return `## ${type}\n\n${table(['path', 'reads'], lines)}${others === '' ? '\n' : others}`
}

function shown(reads: string): string {
  return reads.includes(' ') ? reads : codes([reads])
}
