import type { Instance } from '@tocsin/model'
import type { LoadedProgram, PlacedLeaf } from '../load.ts'
import { Candidates } from './candidates.ts'
import { clausesOf } from './clause.ts'

/** A program with leaves of it. */
export type Concerned = readonly [LoadedProgram, readonly PlacedLeaf[]]

/** What instances of one object may meet. */
export interface Route {
  readonly all: readonly Concerned[]
  readonly candidates: Candidates<Concerned>
}

/**
 * Routes by the object of an instance: programs that do not look at it cost nothing. Of some programs every instance
 * is told, whatever it meets.
 */
export function routesOf(
  programs: readonly Concerned[],
  isAlwaysTold: (loaded: LoadedProgram) => boolean,
): ReadonlyMap<string, Route> {
  const byObject = new Map<string, Concerned[]>()
  for (const [loaded, leaves] of programs) {
    for (const object of new Set(leaves.flatMap(({ objects }) => objects))) {
      const concerned: Concerned = [loaded, leaves.filter(({ objects }) => objects.includes(object))]
      const known = byObject.get(object)
      if (known === undefined) byObject.set(object, [concerned])
      else known.push(concerned)
    }
  }
  return new Map(
    [...byObject].map(([object, all]) => {
      const candidates = all.flatMap((concerned) => candidatesOf(concerned, isAlwaysTold(concerned[0])))
      return [object, { all, candidates: new Candidates(candidates) }]
    }),
  )
}

/** The programs with those of their leaves that the instance meets or may; all of them if it was seen before. */
export function concernedBy(route: Route, instance: Instance, wasSeen: boolean): readonly Concerned[] {
  if (wasSeen) return route.all
  const found: [LoadedProgram, readonly PlacedLeaf[]][] = []
  for (const [loaded, leaves] of route.candidates.of(instance).possible) {
    const last = found.at(-1)
    if (last?.[0] === loaded) last[1] = [...last[1], ...leaves]
    else found.push([loaded, leaves])
  }
  return found
}

/** Where each instance stands alone the whole condition is asked, else each leaf for itself. */
function candidatesOf(concerned: Concerned, isAlwaysTold: boolean) {
  const [loaded, leaves] = concerned
  const { program, sets } = loaded
  if (program.subject === 'instance') {
    const read = new Set(leaves.map(({ leaf }) => leaf))
    const clauses = clausesOf(program.condition, (leaf) => (read.has(leaf) ? 'read' : 'never'))
    return [{ owner: concerned, clauses, sets }]
  }
  return leaves.map((placed) => {
    const owner: Concerned = [loaded, [placed]]
    return { owner, clauses: isAlwaysTold ? [] : clausesOf(placed.leaf), sets }
  })
}
