import { type Permission, permissions, type Role } from '@tocsin/api'
import type { Principal } from './principal.ts'

const reading: readonly Permission[] = ['intel.read', 'alerts.read', 'endpoints.read', 'tasks.read']

/** What each role may do. */
export const permissionsOfRole: Readonly<Record<Role, readonly Permission[]>> = {
  administrator: permissions,
  'intel author': [...reading, 'intel.write', 'intel.deploy', 'scans.run'],
  analyst: [...reading, 'alerts.triage', 'scans.run'],
  responder: [...reading, 'alerts.triage', 'scans.run'],
  auditor: [...reading, 'audit.read'],
  integration: [...reading, 'intel.write', 'intel.deploy', 'alerts.triage', 'scans.run', 'metrics.read'],
}

/** Whether the principal has the permission, in the computer group if one is named. */
export function allows(principal: Principal, permission: Permission, group?: number): boolean {
  if (principal.scope !== null && !principal.scope.includes(permission)) return false
  return principal.grants.some(
    ({ role, groups }) =>
      permissionsOfRole[role].includes(permission) &&
      (group === undefined || groups.length === 0 || groups.includes(group)),
  )
}

/** Computer groups in which the principal has the permission; nothing means all of them. */
export function groupsFor(principal: Principal, permission: Permission): readonly number[] | undefined {
  const grants = principal.grants.filter(({ role }) => permissionsOfRole[role].includes(permission))
  if (grants.some(({ groups }) => groups.length === 0)) return undefined
  return [...new Set(grants.flatMap(({ groups }) => groups))]
}
