import type { Range, Signal } from './ast.ts'
import { termsOf } from './ast.ts'
import type { Flaw } from './check-term.ts'

/** The one object whose event a group speaks of; `process` if it has process terms only. */
export function objectOfGroup(part: Signal): string {
  return termsOf(part).find(({ object }) => object !== 'process')?.object ?? 'process'
}

/** One event is about one object: a group on two of them can never match. */
export function checkGroup(part: Signal, at: Range): Flaw | undefined {
  const objects = [...new Set(termsOf(part).map(({ object }) => object))].filter((each) => each !== 'process')
  if (objects.length < 2) return undefined
  const message = `one event cannot be about ${objects.join(' and ')}`
  return { code: 'SIG012', at, message, hint: 'use a group for each kind of event' }
}
