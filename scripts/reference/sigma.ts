import {
  type SigmaCategory,
  type SigmaFieldTarget,
  sigmaCategories,
  sigmaModifiers,
  sigmaNotRecorded,
  sigmaServices,
} from '../../packages/intel/src/index.ts'
import { vocabulary } from '../../packages/model/src/index.ts'
import { codes, table } from './table.ts'

/** What becomes of Sigma rules: log sources, fields, modifiers. */
export function sigmaPage(): string {
  const all = [...sigmaCategories, ...sigmaServices]
  const byFields = Map.groupBy(all, ([, { fields }]) => fields)
  const sections = [...byFields.values()].map((group) => fieldSection(group))
  return `# Sigma
How rules are read: [Sigma, MISP and lists](../guides/sigma-misp-and-lists.md). Here stands what becomes of each log source, field and modifier.

## Log sources
*Platforms*: where such events can be recorded at all; what one endpoint records is shown as its capability. A rule that names a product is
for that platform only; \`service: sysmon\` beside a category changes nothing.

${table(['log source', 'events', 'platforms', 'keywords are searched in'], all.map(sourceRow))}

A rule of any other log source is kept and shown, its coverage is *never*, and a warning says why:

${table(
  ['log source', 'why it is not recorded'],
  sigmaNotRecorded.map(({ kind, names, why }) => [`${kind}: ${codes(names)}`, why]),
)}

## Modifiers

${table(
  ['modifier', 'meaning'],
  sigmaModifiers.map(({ name, meaning }) => [`\`${name}\``, meaning]),
)}

Without a modifier a value is the whole value of the field, with the wildcards \`*\` and \`?\`; case does not count.

## Fields
A field that is not in the table of its log source is recorded by no endpoint: a warning says so, and a comparison with it never matches.
Fields are read in any case.

${sections.join('\n')}`
}

function sourceRow([name, { object, operations, platforms, keywords }]: readonly [
  string,
  SigmaCategory,
]): readonly string[] {
  const events = operations.length === 0 ? object : `${object}: ${operations.join(', ')}`
  const live = [...vocabulary.values()].filter((row) => row.object === object).flatMap((row) => row.live)
  return [`\`${name}\``, events, (platforms ?? [...new Set(live)]).join(', '), codes(keywords)]
}

function fieldSection(group: readonly (readonly [string, SigmaCategory])[]): string {
  const [first] = group
  const fields = first === undefined ? [] : [...first[1].fields]
  const rows = fields.map(([field, target]) => [`\`${field}\``, meaningOf(target)])
  const others =
    first?.[1].others === undefined
      ? []
      : [['`a0`, `a1` …', 'the argument at that place of `process.command_line`']]
  return `### ${group.map(([name]) => name).join(', ')}\n\n${table(['field', 'reads'], [...rows, ...others])}\n`
}

function meaningOf(target: SigmaFieldTarget): string {
  switch (target.kind) {
    case 'property':
      return codes([target.property])
    case 'sides':
      return `\`${target.connect}\` of what goes out, \`${target.accept}\` of what comes in`
    case 'hashes':
      return `\`${target.object}.md5\`, \`${target.object}.sha1\` or \`${target.object}.sha256\`, by the name before the hash or its length`
    case 'words':
      return `\`${target.property}\`; ${[...target.words].map(([word, value]) => `${word} is ${value}`).join(', ')}`
    case 'registry':
      return '`registry.key_path`, with `registry.value_name` behind it where the event is about a value'
    case 'argument':
      return `argument ${target.number} of \`process.command_line\``
  }
}
