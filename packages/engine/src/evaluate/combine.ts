import { type Binding, emptyBinding, merged } from './binding.ts'

/** More partial bindings than these are not kept at one time. */
export const mostBindings = 1_024

export interface Bounds {
  /** So many partial bindings are kept; mostBindings where nothing else is said. */
  readonly most?: number
  /** More could have been tried. */
  readonly onEvicted: () => void
}

export type Joins = (before: Binding, next: Binding) => boolean

/** No instance is taken twice. */
export function distinct(before: Binding, next: Binding): boolean {
  return !next.instances.some(({ key }) => before.instances.some((taken) => taken.key === key))
}

/** Distinct, and not before the last. */
export function follows(before: Binding, next: Binding): boolean {
  return distinct(before, next) && startOf(next) >= endOf(before)
}

/**
 * One way of each part, where they join. While there are few all are kept; beyond, every beginning goes on with
 * those nearest in time.
 */
export function combined(
  parts: readonly (readonly Binding[])[],
  { most = mostBindings, onEvicted }: Bounds,
  joins: Joins,
): readonly Binding[] {
  if (parts.some((ways) => ways.length === 0)) return []
  let partial: readonly Binding[] = [emptyBinding]
  for (const ways of parts) {
    const next = inTime(ways)
    const share = Math.max(1, Math.floor(most / partial.length))
    let isCut = false
    const grown: Binding[] = []
    for (const before of partial) {
      const near = nearest(next, before, share + 1, joins)
      isCut ||= near.length > share
      for (const each of near.slice(0, share)) grown.push(merged([before, each]))
    }
    if (isCut) onEvicted()
    if (grown.length === 0) return []
    partial = grown
  }
  return partial
}

/** So many distinct ways of one list: all choices while they are few, else runs that follow each other in time. */
export function repeated(
  ways: readonly Binding[],
  times: number,
  { most = mostBindings, onEvicted }: Bounds,
): readonly Binding[] {
  const each = inTime(ways)
  if (each.length < times) return []
  if (choices(each.length, times) <= mostBindings) return chosenOf(each, times)
  onEvicted()
  const newest = each.slice(-times - most)
  return newest.flatMap((_, from) => runFrom(newest, from, times))
}

interface Choice {
  readonly way: Binding
  readonly next: number
}

function chosenOf(each: readonly Binding[], times: number): readonly Binding[] {
  let partial: readonly Choice[] = [{ way: emptyBinding, next: 0 }]
  for (let left = times - 1; left >= 0; left -= 1) {
    partial = partial.flatMap(({ way, next }) =>
      each
        .slice(next, each.length - left)
        .flatMap((add, number) =>
          distinct(way, add) ? [{ way: merged([way, add]), next: next + number + 1 }] : [],
        ),
    )
  }
  return partial.map(({ way }) => way)
}

function runFrom(each: readonly Binding[], from: number, times: number): readonly Binding[] {
  const taken = new Set<string>()
  const run: Binding[] = []
  for (let at = from; at < each.length && run.length < times; at += 1) {
    const way = each[at]
    if (way === undefined || way.instances.some(({ key }) => taken.has(key))) continue
    for (const { key } of way.instances) taken.add(key)
    run.push(way)
  }
  if (run.length < times) return []
  return [merged(run)]
}

/** How many choices there are, as far as it matters. */
function choices(of: number, times: number): number {
  const few = Math.min(times, of - times)
  let count = 1
  for (let at = 1; at <= few && count <= mostBindings; at += 1) count = (count * (of - few + at)) / at
  return count
}

/** Those that join and begin nearest to where the one before ends. */
function nearest(
  sorted: readonly Binding[],
  before: Binding,
  most: number,
  joins: Joins,
): readonly Binding[] {
  const time = before.instances.length === 0 ? Number.POSITIVE_INFINITY : endOf(before)
  let above = firstAtLeast(sorted, time)
  let below = above - 1
  const found: Binding[] = []
  while (found.length < most && (below >= 0 || above < sorted.length)) {
    const [older, newer] = [sorted[below], sorted[above]]
    const takesNewer =
      older === undefined || (newer !== undefined && startOf(newer) - time <= time - startOf(older))
    const way = takesNewer ? newer : older
    if (takesNewer) above += 1
    else below -= 1
    if (way !== undefined && joins(before, way)) found.push(way)
  }
  return found
}

function firstAtLeast(sorted: readonly Binding[], time: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    const way = sorted[middle]
    if (way !== undefined && startOf(way) < time) low = middle + 1
    else high = middle
  }
  return low
}

function inTime(ways: readonly Binding[]): readonly Binding[] {
  return [...ways].sort((left, right) => startOf(left) - startOf(right) || endOf(left) - endOf(right))
}

/** What takes no instance is at every time. */
function startOf({ instances }: Binding): number {
  return instances.reduce((first, { at }) => Math.min(first, at), Number.MAX_SAFE_INTEGER)
}

function endOf({ instances }: Binding): number {
  return instances.reduce((last, { at }) => Math.max(last, at), Number.MIN_SAFE_INTEGER)
}
