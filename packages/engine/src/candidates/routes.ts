import type { Instance } from '@tocsin/model'
import type { LoadedProgram, PlacedLeaf } from '../load.ts'
import { Candidates } from './candidates.ts'
import { clauseOf } from './clause.ts'

/** A program with leaves of it. */
export type Concerned = readonly [LoadedProgram, readonly PlacedLeaf[]]

/** What events of one object may meet. */
export interface Route {
  readonly all: readonly Concerned[]
  readonly candidates: Candidates<Concerned>
}

export function routeOf(all: readonly Concerned[]): Route {
  return { all, candidates: new Candidates(all.flatMap(candidatesOf)) }
}

/** The programs with those of their leaves that the instance meets or may; all of them if it was seen before. */
export function concernedBy(route: Route, instance: Instance, wasSeen: boolean): readonly Concerned[] {
  if (wasSeen) return route.all
  const found: [LoadedProgram, readonly PlacedLeaf[]][] = []
  for (const [loaded, leaves] of route.candidates.of(instance)) {
    const last = found.at(-1)
    if (last?.[0] === loaded) last[1] = [...last[1], ...leaves]
    else found.push([loaded, leaves])
  }
  return found
}

/** Where each event stands alone the whole condition is asked, else each leaf for itself. */
function candidatesOf(concerned: Concerned) {
  const [loaded, leaves] = concerned
  const { program, sets, denies } = loaded
  if (program.subject === 'instance') {
    const read = new Set(leaves.map(({ leaf }) => leaf))
    const clause = clauseOf(program.condition, (leaf) => (read.has(leaf) ? 'read' : 'never'))
    return [{ owner: concerned, clause, sets }]
  }
  return leaves.map((placed) => {
    const owner: Concerned = [loaded, [placed]]
    return { owner, clause: denies ? undefined : clauseOf(placed.leaf), sets }
  })
}
