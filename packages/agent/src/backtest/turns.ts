import type { Course } from './course.ts'

/** CPU time of a turn, and how long it stands still between two, ms. */
const turn = 100
const pause = 1_000

/** A back-test that is held back stands still, but for a short turn now and then: on a machine that is always busy it ends too. */
export function turnsOf(
  course: Pick<Course, 'isHeld' | 'wait'>,
  cpuMillis: () => number,
): (mostMillis: number) => void {
  let began = Number.NEGATIVE_INFINITY
  return (mostMillis) => {
    if (!course.isHeld || cpuMillis() - began < turn) return
    course.wait(Math.min(pause, mostMillis))
    began = cpuMillis()
  }
}
