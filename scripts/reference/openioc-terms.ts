import type { Way } from '../../packages/intel/src/formats/openioc/terms/entry.ts'
import { whyNot } from '../../packages/intel/src/formats/openioc/terms/reasons.ts'
import { rowsOf, type TermRow, termGroups } from '../../packages/intel/src/formats/openioc/terms.ts'
import { vocabulary } from '../../packages/model/src/index.ts'
import { codes, table } from './table.ts'

/** The terms of OpenIOC: how each is evaluated, or why it is not. */
export function openIocTermsPage(): string {
  const rows = termGroups.flatMap(rowsOf)
  const evaluated = rows.filter(({ way }) => way.kind !== 'none')
  const items = Map.groupBy(rows, ({ name }) => name.split('/', 1)[0] ?? '')
  const parts = [...items].sort(([one], [other]) => one.localeCompare(other, 'en')).map(itemPart)
  return `# Terms of OpenIOC
How Tocsin reads a document: [OpenIOC](../guides/openioc.md). Of ${rows.length} terms ${evaluated.length} are evaluated; an item with another one gets the
diagnostic \`IOC005\` with the reason that stands here. *Live*: platforms whose recorder delivers what the term reads; the history of
an endpoint answers what is live. *Scan*: platforms whose scanner reads it. \`eventItem/\` in front of the name of an event changes nothing.

${parts.join('\n')}`
}

function itemPart([item, rows]: readonly [string, readonly TermRow[]]): string {
  const lines = rows
    .filter(({ way }) => way.kind !== 'none')
    .map((row) => [`\`${row.name.slice(item.length + 1)}\``, howOf(row), ...platformsOf(row)])
  const reasons = Map.groupBy(
    rows.flatMap((row) => (row.way.kind === 'none' ? [{ row, reason: row.way.reason }] : [])),
    ({ reason }) => reason,
  )
  const missing = [...reasons].map(([reason, found]) => {
    const names = [...new Set(found.map(({ row }) => row.name.slice(item.length + 1)))]
    return `- Not evaluated (${whyNot(reason)}): ${codes(names)}\n`
  })
  const evaluated = lines.length === 0 ? '' : `${table(['term', 'read as', 'live', 'scan'], lines)}\n\n`
  return `## ${item}\n\n${evaluated}${missing.join('')}`
}

function howOf({ way, apart, object }: TermRow): string {
  const alone = apart !== undefined && object === 'file' && way.kind !== 'url' ? ', of any file' : ''
  switch (way.kind) {
    case 'property':
      return `${codes(propertiesOf(way.property))}${way.meaning === 'plain' ? '' : `, as ${way.meaning}`}${alone}`
    case 'content':
      return `content: a YARA rule${alone}`
    case 'yara':
      return yaraParts[way.part]
    case 'url':
      return 'the host in DNS and connections, the text in command lines and files'
    case 'some':
      return `\`${way.property}\`, only for more than 0`
    case 'none':
      return ''
  }
}

const yaraParts: Readonly<Record<Extract<Way, { kind: 'yara' }>['part'], string>> = {
  text: 'content: a text string of YARA',
  hex: 'content: a hex string of YARA',
  regex: 'content: a regular expression of YARA',
  size: '`file.size`',
  rule: 'content: a whole YARA rule',
}

/** What is a driver as it is loaded is a module in a scan; mutexes are named as handles; sockets are events, too. */
function propertiesOf(property: string): readonly string[] {
  const others = [
    property.replace(/^driver\./, 'module.'),
    property.replace(/^process\.handle$/, 'mutex.name'),
    property === 'connection.state' ? property : property.replace(/^connection\./, 'network.'),
  ]
  return [...new Set([property, ...others.filter((other) => vocabulary.has(other))])]
}

function platformsOf({ way, from, object }: TermRow): readonly [live: string, scan: string] {
  if (way.kind === 'url') return ['linux, windows, macos', 'linux']
  if (way.kind === 'content' || (way.kind === 'yara' && way.part !== 'size')) return ['', 'linux']
  if (way.kind === 'none') return ['', '']
  const property = way.kind === 'yara' ? 'file.size' : way.property
  const found = propertiesOf(property).flatMap((name) => vocabulary.get(name) ?? [])
  const live = new Set(from === 'state' ? [] : found.flatMap((row) => row.live))
  const isActor = !['process', 'connection'].includes(object) && property.startsWith('process.')
  const scan = new Set(from === 'event' || isActor ? [] : found.flatMap((row) => row.scan))
  return [[...live].join(', '), [...scan].join(', ')]
}
