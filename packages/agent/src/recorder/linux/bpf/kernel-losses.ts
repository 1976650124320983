import type { BlindInterval, ObjectKind } from '@tocsin/model'
import { kinds, skippedRow } from './layout.ts'
import { objectOf } from './objects.ts'

export interface KernelLossesOptions {
  /** What was told of already, by row; the kernel keeps it for the agent that comes next. */
  readonly told: BigUint64Array
  /** Records of a kind that found no room in the ring. */
  readonly dropped: (kind: number) => number
  /** Program → how often the kernel skipped it. */
  readonly skipped: () => ReadonlyMap<string, number>
}

export type KernelLoss = Pick<BlindInterval, 'object' | 'count' | 'reason'>

/** Programs that the kernel skips while they run already, by what they tell of. */
const groups: readonly {
  readonly row: number
  readonly programs: readonly string[]
  readonly objects: readonly ObjectKind[]
}[] = [
  { row: skippedRow.process, programs: ['on_fork', 'on_exec', 'on_exit'], objects: ['process'] },
  {
    row: skippedRow.file,
    programs: [
      ...['on_open', 'on_put', 'on_rename', 'on_link', 'on_unlink', 'on_chmod', 'on_chown'],
      ...['after_rename', 'after_unlink', 'after_link'],
    ],
    objects: ['file'],
  },
  { row: skippedRow.network, programs: ['on_state', 'on_connect', 'on_accept'], objects: ['network'] },
  { row: skippedRow.image, programs: ['on_map'], objects: ['image'] },
  { row: skippedRow.driver, programs: ['on_module'], objects: ['driver'] },
  { row: skippedRow.systemCall, programs: ['on_return'], objects: ['network', 'security'] },
]
export const skippablePrograms: readonly string[] = groups.flatMap(({ programs }) => programs)

/** What was lost in the kernel and was not told yet, be it by an agent before this one. */
export function newLosses(options: KernelLossesOptions): readonly KernelLoss[] {
  return [...newDrops(options), ...newSkips(options)]
}

function newDrops({ told, dropped }: KernelLossesOptions): readonly KernelLoss[] {
  const lost = new Map<ObjectKind, number>()
  for (const kind of Object.values(kinds)) {
    const more = since(told, 1 + kind, dropped(kind))
    const object = objectOf(kind)
    if (more > 0) lost.set(object, (lost.get(object) ?? 0) + more)
  }
  return [...lost].map(([object, count]) => ({ object, count, reason: 'overflow' }))
}

/** Each call that was skipped was one event at most; whose it was, nobody knows where a program tells of several objects. */
function newSkips({ told, skipped }: KernelLossesOptions): readonly KernelLoss[] {
  const counts = skipped()
  return groups.flatMap(({ row, programs, objects }): KernelLoss[] => {
    const more = since(told, row, sum(programs.map((name) => counts.get(name) ?? 0)))
    if (more <= 0) return []
    const count = objects.length === 1 ? more : null
    return objects.map((object) => ({ object, count, reason: 'recursion' }))
  })
}

function since(told: BigUint64Array, row: number, now: number): number {
  const before = Number(Atomics.load(told, row))
  if (now > before) Atomics.store(told, row, BigInt(now))
  return now - before
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
