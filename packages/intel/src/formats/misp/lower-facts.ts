import { type Comparison, type Condition, type ObjectKind, vocabulary } from '@tocsin/model'
import { isAddress, observableOf } from '../list/observable.ts'
import { refang } from '../list/refang.ts'
import { allOf, anyOf, isNever, never as neverOf, someInstance, term } from '../lowering/compose.ts'
import { readLiteral } from '../lowering/literals.ts'
import { hiveSpellings } from '../lowering/paths.ts'
import type { Fact } from './fact.ts'

/** What can never match. */
export const never: Condition = neverOf('openioc')

interface View {
  readonly object: ObjectKind
  readonly properties: Readonly<
    Partial<Record<Fact['of'], readonly [property: string, comparison: Comparison]>>
  >
}

function programAs(object: 'file' | 'process' | 'image' | 'driver'): View {
  return {
    object,
    properties: {
      md5: [`${object}.md5`, 'is'],
      sha1: [`${object}.sha1`, 'is'],
      sha256: [`${object}.sha256`, 'is'],
      name: [`${object}.name`, 'is'],
      path: [`${object}.path`, 'ends with'],
      ...(object === 'file' ? { size: ['file.size', 'is'] as const } : {}),
    },
  }
}

function trafficAs(object: 'network' | 'connection'): View {
  return {
    object,
    properties: {
      remote: [`${object}.remote_address`, 'is'],
      local: [`${object}.local_address`, 'is'],
      'remote-port': [`${object}.remote_port`, 'is'],
      'local-port': [`${object}.local_port`, 'is'],
    },
  }
}

/** The objects on which facts show; facts that belong together show on one of them. */
const views: readonly View[] = [
  ...(['file', 'process', 'image', 'driver'] as const).map(programAs),
  ...(['network', 'connection'] as const).map(trafficAs),
  { object: 'dns', properties: { domain: ['dns.query', 'in domain'], remote: ['dns.response', 'is'] } },
  {
    object: 'process',
    properties: {
      url: ['process.command_line', 'contains'],
      command: ['process.command_line', 'contains'],
      name: ['process.name', 'is'],
      path: ['process.path', 'ends with'],
      handle: ['process.handle', 'ends with'],
    },
  },
  {
    object: 'registry',
    properties: { key: ['registry.key_path', 'contains'], data: ['registry.value_data', 'is'] },
  },
  { object: 'mutex', properties: { mutex: ['mutex.name', 'is'] } },
  {
    object: 'service',
    properties: { service: ['service.name', 'is'], 'service-title': ['service.description', 'is'] },
  },
  { object: 'task', properties: { task: ['task.name', 'is'] } },
]

export type Lowered =
  | { readonly kind: 'condition'; readonly condition: Condition }
  | { readonly kind: 'flaw'; readonly why: string }

/** All of the facts on one instance of whatever object shows them all. */
export function lowerFacts(facts: readonly Fact[]): Lowered {
  const told = facts.map(withoutFangs)
  const able = views.filter(({ properties }) => told.every(({ of }) => properties[of] !== undefined))
  const read = able.map((view) => onView(told, view))
  const conditions = read.flatMap((each) => (each.kind === 'condition' ? [each.condition] : []))
  const flaw = read.find((each) => each.kind === 'flaw')
  const [first] = told
  if (told.length === 1 && first?.of === 'url') conditions.push(...hostOf(first.value))
  const condition = anyOf(conditions, never)
  if (!isNever(condition)) return { kind: 'condition', condition }
  return flaw ?? { kind: 'flaw', why: 'nothing shows all of it at once' }
}

function onView(facts: readonly Fact[], { object, properties }: View): Lowered {
  const terms: Condition[] = []
  for (const { of, value } of facts) {
    const [property, comparison] = properties[of] ?? []
    if (property === undefined || comparison === undefined) continue
    const type = property === 'dns.response' ? 'address' : (vocabulary.get(property)?.type ?? 'text')
    const read = readLiteral(type, comparison, value)
    if (read.kind === 'useless') return { kind: 'flaw', why: read.why }
    const values = of === 'key' ? hiveSpellings(value) : [read.literal]
    terms.push(term({ object, property, comparison: read.comparison, values }))
  }
  return { kind: 'condition', condition: someInstance(object, 'either', allOf(terms, never)) }
}

/** A URL is seen by its host too, in DNS and connections. */
function hostOf(url: string): readonly Condition[] {
  const host = observableOf(url)?.host
  if (host === undefined) return []
  const lowered = lowerFacts([{ of: isAddress(host) ? 'remote' : 'domain', value: host }])
  return lowered.kind === 'condition' ? [lowered.condition] : []
}

function withoutFangs(fact: Fact): Fact {
  return /^(?:remote|local|domain|url)$/.test(fact.of) ? { ...fact, value: refang(fact.value) } : fact
}
