import type { NodePath } from '@tocsin/model'
import { type Concerned, type Route, routesOf } from './candidates/routes.ts'
import type { LeafBindings } from './evaluate/bindings.ts'
import { bindingOfLeaf, isProcessTerm, unseen } from './evaluate/evaluate.ts'
import type { Leaf, LeafTools } from './evaluate/leaf.ts'
import type { Image } from './images.ts'
import type { LoadedProgram, PlacedLeaf } from './load.ts'
import type { Records } from './records.ts'

/** Programs by the object of the events that they look at; where something is denied each event may be the first to tell. */
export function eventRoutesOf(programs: readonly LoadedProgram[]): ReadonlyMap<string, Route> {
  const concerned = programs.map(
    (loaded): Concerned => [loaded, loaded.leaves.filter((placed) => isOfEvents(loaded, placed))],
  )
  return routesOf(concerned, ({ denies }) => denies)
}

/** The leaves of a program as one subject meets them: process terms by the image, the rest by what was recorded. */
export function leavesOf(loaded: LoadedProgram, image: Image | undefined, records: Records): LeafBindings {
  const { subject } = loaded.program
  if (subject === 'instance') return records.bindings
  if (subject === 'host') return (leaf, at, mode) => ofHost(leaf, at, mode, records)
  const tools = toolsOf(loaded)
  return (leaf: Leaf, at: NodePath, mode) => {
    if (image === undefined || !isProcessTerm(leaf)) return records.possibleBindings(leaf, at, mode)
    const met = bindingOfLeaf(leaf, at, image.entry, tools, mode)
    return met.map((binding) => ({ ...binding, instances: [] }))
  }
}

/** Contents are not looked at as things happen. */
export function toolsOf({ sets }: LoadedProgram): LeafTools {
  return { sets, content: () => ({ verdict: 'inconclusive', offsets: [] }) }
}

/** What lies there unseen cannot be denied by events; a scan can. */
function ofHost(leaf: Leaf, at: NodePath, mode: 'strict' | 'lax', records: Records) {
  const known = records.possibleBindings(leaf, at, mode)
  const isOfEvents = leaf.kind === 'same' && leaf.from === 'event'
  return mode === 'lax' && known.length === 0 && !isOfEvents ? [unseen(at)] : known
}

function isOfEvents({ program }: LoadedProgram, { leaf }: PlacedLeaf): boolean {
  if (program.subject === 'process') return !isProcessTerm(leaf)
  return leaf.kind !== 'same' || leaf.from !== 'state'
}
