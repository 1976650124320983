import type { Answerer } from '../answerer.ts'
import { sinceOf } from '../history.ts'

export const blindIntervals: Answerer = {
  sensor: 'Blind Intervals',
  async *rows([since = ''], { facts }) {
    const intervals = await facts.blindIntervals(sinceOf(since, '1d'), Date.now() * 1_000)
    for (const { from, to, object, reason, count } of intervals) yield [from, to, object, reason, count]
  },
}
