import { allows, groupsFor, type Principal } from '../access/index.ts'
import { Failure } from '../http/failure.ts'

/** A back-test loads endpoints: it takes the permission in the very group. */
export function requireGroup(principal: Principal, group: number): void {
  if (!allows(principal, 'scans.run', group)) throw new Failure('access.forbidden')
}

/** Computer groups whose back-tests a principal sees, as their samples tell what alerts tell; nothing means all. */
export function readableGroups(principal: Principal): readonly number[] | undefined {
  return groupsFor(principal, 'alerts.read')
}
