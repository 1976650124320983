import { groupsFor, type Principal } from '../access/index.ts'

/** Computer groups whose alerts a principal sees; nothing means all. */
export function readableGroups(principal: Principal): readonly number[] | undefined {
  return groupsFor(principal, 'alerts.read')
}

/** Computer groups whose alerts a principal may change. */
export function triageGroups(principal: Principal): readonly number[] | undefined {
  return groupsFor(principal, 'alerts.triage')
}
