import type { Capability, Condition, Coverage, NodePath, Program, Reach } from '@tocsin/model'
import { eachLeaf, type Scope } from './each-leaf.ts'
import { type Leaf, type Mode, reachOfLeaf } from './reach-of-leaf.ts'

/** More reasons than these help nobody. */
const mostReasons = 1_000

/**
 * What an endpoint can do with a program: as things happen, by scan, and in what its journal holds.
 * Live and history read events; a scan reads what is there. `because` says why a term is out of reach in a mode.
 */
export function coverage(program: Program, capability: Capability): Coverage {
  const refusal = refusalOf(program, capability)
  if (refusal !== undefined) {
    return { live: 'never', scan: 'never', history: 'never', because: [{ at: [], why: refusal }] }
  }
  const reach = (mode: Mode) =>
    reachOf(
      program.condition,
      (leaf, scope) => reachOfLeaf(leaf, scope, { mode, program, capability }) === undefined,
    )
  const live = reach('live')
  const scan = reach('scan')
  const history = capability.historySince === null ? 'never' : live
  return { live, scan, history, because: reasons(program, capability) }
}

function refusalOf({ platforms, contract }: Program, capability: Capability): string | undefined {
  if (platforms.length > 0 && !platforms.includes(capability.platform)) {
    return `it is meant for ${platforms.join(' and ')}, this endpoint runs ${capability.platform}`
  }
  if (capability.contracts.includes(contract)) return undefined
  return `the agent is too old for programs of contract ${contract}`
}

type IsReadable = (leaf: Leaf, scope: Scope) => boolean

/** `and` needs all parts, `or` one, `not` a fully readable part. */
export function reachOf(condition: Condition, isReadable: IsReadable, scope: Scope = undefined): Reach {
  switch (condition.kind) {
    case 'term':
    case 'content':
      return isReadable(condition, scope) ? 'full' : 'never'
    case 'and':
    case 'all-of':
      return ofAll(condition.parts.map((part) => reachOf(part, isReadable, scope)))
    case 'or':
      return ofAny(condition.parts.map((part) => reachOf(part, isReadable, scope)))
    case 'not':
      return reachOf(condition.part, isReadable, scope) === 'full' ? 'full' : 'never'
    case 'same':
      return reachOf(condition.part, isReadable, condition)
    default:
      return reachOf(condition.part, isReadable, scope)
  }
}

function ofAll(parts: readonly Reach[]): Reach {
  if (parts.includes('never')) return 'never'
  return parts.every((part) => part === 'full') ? 'full' : 'partial'
}

function ofAny(parts: readonly Reach[]): Reach {
  if (parts.every((part) => part === 'never')) return 'never'
  return parts.every((part) => part === 'full') ? 'full' : 'partial'
}

function reasons(program: Program, capability: Capability): Coverage['because'] {
  const because: { at: NodePath; property?: string; why: string }[] = []
  if (capability.historySince === null)
    because.push({ at: [], why: 'history: the endpoint keeps no journal' })
  eachLeaf(program.condition, (leaf, at, scope) => {
    const property = leaf.kind === 'term' ? { property: leaf.property } : {}
    const live = reachOfLeaf(leaf, scope, { mode: 'live', program, capability })
    const scan = reachOfLeaf(leaf, scope, { mode: 'scan', program, capability })
    if (live !== undefined && live === scan) because.push({ at, ...property, why: live })
    else {
      if (live !== undefined) because.push({ at, ...property, why: `live: ${live}` })
      if (scan !== undefined) because.push({ at, ...property, why: `scan: ${scan}` })
    }
  })
  // Limit: paths that a profile excludes are named, but no term is held against them: it counts as readable.
  if (capability.why.exclusions !== undefined && readsEvents(program))
    because.push({ at: [], why: `live: ${capability.why.exclusions}` })
  return because.slice(0, mostReasons)
}

/** A term on a process alone is met by its start, which is always recorded. */
function readsEvents({ condition }: Program): boolean {
  let reads = false
  eachLeaf(condition, (leaf) => {
    if (leaf.kind === 'term' && leaf.object !== 'process') reads = true
  })
  return reads
}
