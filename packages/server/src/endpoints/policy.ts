import { allows, groupsFor, type Principal } from '../access/index.ts'
import { Failure } from '../http/failure.ts'

/** Computer groups whose endpoints a principal sees; nothing means all. */
export function readableGroups(principal: Principal): readonly number[] | undefined {
  return groupsFor(principal, 'endpoints.read')
}

/** Revoking is the other end of enrolling, which is not bound to a group. */
export function requireRevocation(principal: Principal): void {
  if (!allows(principal, 'endpoints.enrol')) throw new Failure('access.forbidden')
}
