import type { Session } from './session.ts'

const atOnce = 32

/** Tells endpoints that are connected, a few at a time; who is gone meanwhile is told when it comes back. */
export async function tellEach(
  sessions: ReadonlyMap<string, Session>,
  endpoints: readonly string[],
  tell: (session: Session) => Promise<void>,
): Promise<void> {
  for (let from = 0; from < endpoints.length; from += atOnce) {
    const some = endpoints.slice(from, from + atOnce).flatMap((id) => sessions.get(id) ?? [])
    await Promise.allSettled(some.map(tell))
  }
}
