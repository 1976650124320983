import { objectRow, objectRows } from '../../packages/intel/src/formats/cybox/object-fields.ts'
import type { KnownField, ObjectRow } from '../../packages/intel/src/formats/cybox/objects/rows.ts'
import { codes, table } from './table.ts'

/** The objects of CybOX: what each field reads, or why no endpoint tells it. */
export function cyboxObjectsPage(): string {
  const names = Object.keys(objectRows).sort()
  const seen = names.filter((name) => Object.keys(fieldsOf(name)).length > 0)
  const unseen = names.filter((name) => !seen.includes(name))
  return `# Objects of CybOX
How Tocsin reads a document: [STIX and CybOX](../guides/stix-and-cybox.md). A field is named by the elements below \`Properties\`; \`/*\`
stands for all that is below. A field that shows on no endpoint gets the diagnostic \`CBX005\` with the reason that stands here. On which
platforms a property is delivered stands in [properties](properties.md); content is looked at by scans.

${seen.map(objectPart).join('\n')}
## Objects that no endpoint sees

${table(
  ['object', 'why'],
  unseen.map((name) => [nameOf(name), objectRows[name]?.why ?? '']),
)}
`
}

/** A type that only has another's fields is listed where it differs. */
function fieldsOf(name: string): ObjectRow['fields'] {
  const row = objectRow(name)
  if (row === undefined) return {}
  return Object.keys(row.fields).length > 0 || row.base === undefined ? row.fields : fieldsOf(row.base)
}

function objectPart(name: string): string {
  const row = objectRow(name)
  if (row === undefined) return ''
  const fields = Object.entries(row.fields)
  const read = fields.filter(([, field]) => field === 'implied' || !('why' in field))
  const lines = read.map(([path, field]) => [`\`${path}\``, readingOf(field)])
  const reasons = Map.groupBy(
    fields.flatMap(([path, field]) =>
      field !== 'implied' && 'why' in field ? [{ path, why: field.why }] : [],
    ),
    ({ why }) => why,
  )
  const missing = [...reasons].map(
    ([why, found]) => `- Not evaluated (${why}): ${codes(found.map(({ path }) => path))}\n`,
  )
  const rest = row.why === undefined ? '' : `- Not evaluated (${row.why}): any other field\n`
  const above =
    row.base === undefined
      ? ''
      : `Has the fields of [${nameOf(row.base)}](#${nameOf(row.base).toLowerCase()}), too.\n\n`
  const evaluated = lines.length === 0 ? '' : `${table(['field', 'reads'], lines)}\n\n`
  return `## ${nameOf(name)}\n\n${above}${evaluated}${missing.join('')}${rest}`
}

function nameOf(type: string): string {
  return type.replace(/ObjectType$/, '')
}

function readingOf(field: KnownField): string {
  if (field === 'implied') return 'says nothing that would be looked for'
  if ('url' in field) return field.url === 'host' ? 'the host in DNS and connections' : urlReading
  if ('fact' in field) return `content: ${field.reads}`
  if ('why' in field) return ''
  const both = codes([field.property, ...(field.or === undefined ? [] : [field.or])])
  return `${both}${field.equals === undefined ? '' : `, where *Equals* means ${field.equals}`}`
}

const urlReading = 'the host in DNS and connections, the text in command lines and files'
