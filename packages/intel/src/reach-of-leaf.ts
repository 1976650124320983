import type { Capability, Content, Program, Term } from '@tocsin/model'
import type { Scope } from './each-leaf.ts'
import { isForeign, propertiesOf } from './leaf.ts'

export type Leaf = Term | Content
export type Mode = 'live' | 'scan'

export interface Circumstances {
  readonly mode: Mode
  readonly program: Pick<Program, 'subject'>
  readonly capability: Pick<Capability, 'events' | 'state' | 'yara' | 'why'>
}

/** Why a leaf cannot be evaluated in a mode; nothing if it can. */
export function reachOfLeaf(leaf: Leaf, scope: Scope, where: Circumstances): string | undefined {
  if (leaf.kind === 'content') return reachOfContent(leaf, where)
  for (const property of propertiesOf(leaf)) {
    const why = reachOfProperty(property, leaf, scope, where)
    if (why !== undefined) return why
  }
  return undefined
}

function reachOfContent(content: Content, { mode, capability }: Circumstances): string | undefined {
  if (mode === 'live') return 'content is looked at by scans only'
  const { engines, modules, of } = content
  const able = capability.yara.filter(({ engine }) => engines.includes(engine))
  if (able.length === 0) return `no YARA engine out of ${engines.join(', ')}${reason(capability, 'yara')}`
  const missing = (has: readonly string[]) => modules.filter((module) => !has.includes(module))
  const fit = able.filter((each) => missing(each.modules).length === 0)
  if (fit.length === 0) {
    const lacked = missing(able[0]?.modules ?? []).join(', ')
    return `the YARA engine lacks ${lacked}${reason(capability, 'yara')}`
  }
  if (of !== 'memory' || fit.some(({ memory }) => memory)) return undefined
  return `the memory of processes cannot be read${reason(capability, 'yara')}`
}

function reachOfProperty(
  property: string,
  term: Term,
  scope: Scope,
  { mode, program, capability }: Circumstances,
): string | undefined {
  if (isForeign(property)) return `no recorder and no scan reads ${property.slice('foreign:'.length)}`
  // An observation is any one event or scanned object, so the term's own object counts.
  const object = scope === undefined || scope.object === 'observation' ? term.object : scope.object
  const from = scope?.from ?? 'either'
  const source = mode === 'live' ? 'events' : 'state'
  if (from === (mode === 'live' ? 'state' : 'event')) {
    return mode === 'live' ? 'it asks for what is there, not for what happens' : 'it asks for what happens'
  }
  if (mode === 'scan' && program.subject === 'process') {
    return 'it asks for what processes do, and a scan sees only what is there'
  }
  if (delivers(capability, source, object, property)) return undefined
  const [key, delivery] =
    mode === 'live' ? ([`events.${object}`, 'recorded'] as const) : ([`state.${object}`, 'scanned'] as const)
  return `${property} is not ${delivery} on this endpoint${reason(capability, key)}`
}

/** An event answers `process.*` of its actor too, if the endpoint records both. */
function delivers(
  capability: Circumstances['capability'],
  source: 'events' | 'state',
  object: string,
  property: string,
): boolean {
  const own = listed(capability[source], object)
  if (own.includes(property)) return true
  if (source === 'state' || own.length === 0 || !property.startsWith('process.')) return false
  return listed(capability.events, 'process').includes(property)
}

function listed(delivered: Readonly<Record<string, readonly string[]>>, object: string): readonly string[] {
  return Object.hasOwn(delivered, object) ? (delivered[object] ?? []) : []
}

function reason({ why }: Circumstances['capability'], key: string): string {
  const text = Object.hasOwn(why, key) ? why[key] : undefined
  return text === undefined ? '' : `: ${text}`
}
