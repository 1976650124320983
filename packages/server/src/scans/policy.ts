import { allows, type Principal } from '../access/index.ts'
import { Failure } from '../http/failure.ts'

/** A scan loads endpoints: it takes the permission in the very group. */
export function requireGroup(principal: Principal, group: number): void {
  if (!allows(principal, 'scans.run', group)) throw new Failure('access.forbidden')
}
