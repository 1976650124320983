import { type Platform, type PropertyRow, vocabulary } from '@tocsin/model'
import type { SignalCondition } from './ast.ts'

/** What a value must look like; decides too which conditions fit. */
export type SignalType = 'text' | 'hash' | 'address' | 'integer' | 'port' | 'boolean' | 'word'

/** One property that a signal can name; parser, diagnostics, completion, coverage and the reference page read it. */
export interface SignalProperty {
  readonly object: string
  readonly property: string
  readonly type: SignalType
  readonly conditions: readonly SignalCondition[]
  /** The values that a property of type `word` can have. */
  readonly words: readonly string[]
  /** Rows of the vocabulary; several for a hash, where the length of the value chooses. */
  readonly lowersTo: readonly string[]
  /** Lowest syntax_version that knows it, inside a group for events. */
  readonly since: number
  /** Spellings that are read and never written, with their object. */
  readonly aliases: readonly string[]
}

const text: readonly SignalCondition[] = ['is', 'contains', 'starts with', 'ends with', 'matches']
const conditionsOf: Readonly<Record<SignalType, readonly SignalCondition[]>> = {
  text,
  address: text,
  hash: ['is'],
  integer: ['is'],
  port: ['is'],
  boolean: ['is'],
  word: ['is'],
}

interface Details {
  readonly since?: number
  readonly aliases?: readonly string[]
  readonly words?: readonly string[]
}

function row(name: string, type: SignalType, details: Details = {}): SignalProperty {
  const [object = '', property = ''] = name.split('.')
  const lowersTo =
    type === 'hash' ? ['md5', 'sha1', 'sha256'].map((each) => name.replace(/hash$/, each)) : [name]
  const { since = 1, aliases = [], words = [] } = details
  return { object, property, type, conditions: conditionsOf[type], words, lowersTo, since, aliases }
}

/** What a process, its parent and its ancestors have: name, type, other spellings. */
const personal: readonly (readonly [name: string, type: SignalType, others: readonly string[]])[] = [
  ['path', 'text', []],
  ['name', 'text', []],
  ['command_line', 'text', ['cmd']],
  ['hash', 'hash', []],
  ['user_name', 'text', []],
  ['user_group', 'text', []],
]

function relative(relation: 'parent' | 'ancestry', since: number): readonly SignalProperty[] {
  return personal.map(([name, type, others]) => {
    const aliases = [
      ...others.map((other) => `process.${relation}_${other}`),
      ...[name, ...others].map((each) => `process.${relation}.${each}`),
    ]
    return row(`process.${relation}_${name}`, type, { since, aliases })
  })
}

/** Every property of the language. The versions of what no public signal shows are ours. */
export const signalProperties: readonly SignalProperty[] = [
  ...personal.map(([name, type, others]) =>
    row(`process.${name}`, type, { aliases: others.map((other) => `process.${other}`) }),
  ),
  ...relative('parent', 1),
  ...relative('ancestry', 4),
  row('process.cwd', 'text', { since: 6, aliases: ['process.working_directory'] }),
  row('process.pid', 'integer', { since: 6 }),
  row('process.integrity_level', 'text', { since: 6 }),
  row('process.container_id', 'text', { since: 6 }),
  row('file.path', 'text', { since: 2, aliases: ['file.full_path'] }),
  row('file.name', 'text', { since: 2 }),
  row('file.operation', 'word', { since: 2, words: ['create', 'write', 'rename', 'delete', 'change'] }),
  row('file.hash', 'hash', { since: 6 }),
  row('file.source_path', 'text', { since: 6 }),
  row('network.operation', 'word', { since: 2, words: ['connect', 'accept', 'listen'] }),
  row('network.protocol', 'word', { since: 2, words: ['tcp', 'udp'] }),
  row('network.local_address', 'address', { since: 2, aliases: ['network.source_ip'] }),
  row('network.local_port', 'port', { since: 2, aliases: ['network.source_port'] }),
  row('network.remote_address', 'address', { since: 2, aliases: ['network.destination_ip'] }),
  row('network.remote_port', 'port', { since: 2, aliases: ['network.destination_port'] }),
  row('network.address', 'address', { since: 2 }),
  row('network.port', 'port', { since: 2 }),
  row('dns.query', 'text', { since: 6 }),
  row('dns.response', 'text', { since: 6 }),
  row('registry.key_path', 'text', { since: 2 }),
  row('registry.value_name', 'text', { since: 2, aliases: ['registry.value'] }),
  row('registry.value_data', 'text', { since: 2 }),
  row('registry.operation', 'word', { since: 2, words: ['create', 'set', 'rename', 'delete'] }),
  row('image.path', 'text', { since: 6 }),
  row('image.hash', 'hash', { since: 6 }),
  row('image.signed', 'boolean', { since: 6 }),
  row('image.signer', 'text', { since: 6 }),
  row('driver.path', 'text', { since: 6 }),
  row('driver.hash', 'hash', { since: 6 }),
]

export const signalObjects: readonly string[] = [...new Set(signalProperties.map(({ object }) => object))]

const byName: ReadonlyMap<string, SignalProperty> = new Map(
  signalProperties.flatMap((each) =>
    [`${each.object}.${each.property}`, ...each.aliases].map((name) => [name, each] as const),
  ),
)

/** The row of a property by its name or an alias, in any case. */
export function signalProperty(name: string): SignalProperty | undefined {
  return byName.get(name.toLowerCase())
}

/** The rows of the vocabulary that a property lowers to. */
export function vocabularyRows(property: SignalProperty): readonly PropertyRow[] {
  return property.lowersTo.flatMap((name) => vocabulary.get(name) ?? [])
}

/** Platforms whose recorder can fill the property on events. */
export function platformsOf(property: SignalProperty): readonly Platform[] {
  return vocabularyRows(property)[0]?.live ?? []
}
