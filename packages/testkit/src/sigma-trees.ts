import { RE2JS } from 're2js'

/** A rule as a tree of terms: field, comparison, value, and 1 where case counts. */
export interface TreeRule {
  readonly id: string
  readonly title: string
  readonly type: string
  readonly os: string
  readonly level: string
  readonly expr: Tree
}

export type Tree =
  | { readonly and: readonly Tree[] }
  | { readonly or: readonly Tree[] }
  | { readonly not: Tree }
  | { readonly t: TreeTerm }

export type TreeTerm = readonly [field: string, comparison: string, value: string, isExact: number]

/** A flat record: names of properties and texts. */
export type FlatRecord = Readonly<Record<string, string>>

const categories: Readonly<Record<string, string>> = {
  process: 'process_creation',
  registry: 'registry_event',
  file: 'file_event',
  image: 'image_load',
  network: 'network_connection',
  dns: 'dns_query',
}

/** Sysmon's names, as rules use them. */
const sysmonNames: Readonly<Record<string, string>> = {
  'process.path': 'Image',
  'process.command_line': 'CommandLine',
  'process.user': 'User',
  'process.cwd': 'CurrentDirectory',
  'process.integrity': 'IntegrityLevel',
  'process.hashes': 'Hashes',
  'process.original_file_name': 'OriginalFileName',
  'process.description': 'Description',
  'process.product': 'Product',
  'process.company': 'Company',
  'process.parent_path': 'ParentImage',
  'process.parent_command_line': 'ParentCommandLine',
  'process.parent_user': 'ParentUser',
  'file.path': 'TargetFilename',
  'registry.key_path': 'TargetObject',
  'registry.value': 'Details',
  'registry.operation': 'EventType',
  'image.path': 'ImageLoaded',
  'image.signed': 'Signed',
  'network.address': 'DestinationIp',
  'network.port': 'DestinationPort',
  'network.hostname': 'DestinationHostname',
  'network.initiated': 'Initiated',
  'network.protocol': 'Protocol',
  'network.source_address': 'SourceIp',
  'network.source_port': 'SourcePort',
  'dns.query': 'QueryName',
}

const modifiers: Readonly<Record<string, string>> = {
  is: '',
  contains: '|contains',
  starts: '|startswith',
  ends: '|endswith',
  cidr: '|cidr',
  exists: '|exists',
}

/** The rule as Sigma's YAML: terms that are alike become one search. */
export function sigmaTextOf(rule: TreeRule): string {
  const searches: string[] = []
  const condition = written(rule.expr, searches)
  return [
    `title: ${JSON.stringify(rule.title)}`,
    `id: ${JSON.stringify(rule.id)}`,
    'logsource:',
    `  category: ${categories[rule.type] ?? rule.type}`,
    '  product: windows',
    'detection:',
    ...searches,
    `  condition: ${JSON.stringify(condition)}`,
    '',
  ].join('\n')
}

function written(tree: Tree, searches: string[]): string {
  if ('t' in tree) return search([tree.t], searches)
  if ('not' in tree) return `not ${written(tree.not, searches)}`
  const parts = 'and' in tree ? tree.and : tree.or
  const names = 'and' in tree ? parts.map((part) => written(part, searches)) : alternatives(parts, searches)
  return names.length === 1 ? names.join('') : `(${names.join('and' in tree ? ' and ' : ' or ')})`
}

function alternatives(parts: readonly Tree[], searches: string[]): readonly string[] {
  const terms = parts.flatMap((part) => ('t' in part ? [part.t] : []))
  const alike = Map.groupBy(terms, ([field, comparison, , isExact]) => `${field} ${comparison} ${isExact}`)
  const others = parts.filter((part) => !('t' in part)).map((part) => written(part, searches))
  return [...[...alike.values()].map((group) => search(group, searches)), ...others]
}

function search(terms: readonly TreeTerm[], searches: string[]): string {
  const [first] = terms
  if (first === undefined) return ''
  const [field, comparison, , isExact] = first
  const name = `s${searches.length}`
  const key = `${sysmonNames[field] ?? field.replace(/^other\./, '')}${modifierOf(comparison, isExact)}`
  const values = terms.map(([, , value]) => `      - ${JSON.stringify(writtenValue(comparison, value))}\n`)
  searches.push(`  ${name}:\n    ${key}:\n${values.join('').trimEnd()}`)
  return name
}

function modifierOf(comparison: string, isExact: number): string {
  if (comparison === 're') return isExact === 1 ? '|re' : '|re|i'
  return `${modifiers[comparison] ?? ''}${isExact === 1 ? '|cased' : ''}`
}

function writtenValue(comparison: string, value: string): string {
  if (comparison === 'exists') return 'true'
  if (comparison === 're' || comparison === 'cidr') return value
  return value.replace(/[\\*?]/g, (unit) => `\\${unit}`)
}

/** What a tree says of a record: true, false, or nothing where it reads what the record does not have. */
export function verdictOf(
  tree: Tree,
  record: FlatRecord,
  isReadable: (term: TreeTerm) => boolean,
): boolean | undefined {
  if ('t' in tree) return isReadable(tree.t) ? verdictOfTerm(tree.t, record[tree.t[0]]) : undefined
  if ('not' in tree) {
    const inner = verdictOf(tree.not, record, isReadable)
    return inner === undefined ? undefined : !inner
  }
  const isAll = 'and' in tree
  let verdict: boolean | undefined = isAll
  for (const part of isAll ? tree.and : tree.or) {
    const one = verdictOf(part, record, isReadable)
    if (one === !isAll) return one
    if (one === undefined) verdict = undefined
  }
  return verdict
}

function verdictOfTerm(
  [, comparison, value, isExact]: TreeTerm,
  text: string | undefined,
): boolean | undefined {
  if (text === undefined) return undefined
  if (comparison === 'exists') return text !== ''
  if (comparison === 're')
    return patternOf(value, isExact === 1)
      .matcher(text)
      .find()
  const [seen, wanted] = isExact === 1 ? [text, value] : [text.toLowerCase(), value.toLowerCase()]
  if (comparison === 'cidr') return isWithin(seen, wanted)
  if (comparison === 'contains') return seen.includes(wanted)
  if (comparison === 'starts') return seen.startsWith(wanted)
  return comparison === 'ends' ? seen.endsWith(wanted) : seen === wanted
}

const patterns = new Map<string, RE2JS>()

function patternOf(pattern: string, isExact: boolean): RE2JS {
  const key = `${isExact} ${pattern}`
  const known = patterns.get(key)
  if (known !== undefined) return known
  const compiled = RE2JS.compile(pattern, RE2JS.DOTALL | (isExact ? 0 : RE2JS.CASE_INSENSITIVE))
  patterns.set(key, compiled)
  return compiled
}

/** By bits as text, so that nothing is shared with what is tested. */
function isWithin(address: string, network: string): boolean {
  const [base = '', prefix = ''] = network.split('/')
  const [seen, around] = [bitsOf(address), bitsOf(base)]
  return seen.length === around.length && seen.slice(0, Number(prefix)) === around.slice(0, Number(prefix))
}

function bitsOf(address: string): string {
  if (!address.includes(':'))
    return address
      .split('.')
      .map((part) => binary(Number(part), 8))
      .join('')
  const [head = '', tail] = address.split('::')
  const groups = (half: string | undefined) => (half === undefined || half === '' ? [] : half.split(':'))
  const missing = 8 - groups(head).length - groups(tail).length
  return [...groups(head), ...Array<string>(tail === undefined ? 0 : missing).fill('0'), ...groups(tail)]
    .map((group) => binary(Number.parseInt(group, 16), 16))
    .join('')
}

function binary(value: number, bits: number): string {
  return value.toString(2).padStart(bits, '0')
}
