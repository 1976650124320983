import { type Permission, permissions, type Role } from '@tocsin/api'
import type { Principal } from '../principal.ts'

const reading: readonly Permission[] = [
  'intel.read',
  'alerts.read',
  'endpoints.read',
  'tasks.read',
  'questions.read',
]

/**
 * What each role may do. `access.manage` is everything: who has it can give it. A responder will differ from an
 * analyst by the response actions.
 */
export const permissionsOfRole: Readonly<Record<Role, readonly Permission[]>> = {
  administrator: permissions,
  'intel author': [...reading, 'intel.write', 'intel.deploy', 'scans.run', 'questions.ask'],
  analyst: [...reading, 'alerts.triage', 'scans.run', 'questions.ask'],
  responder: [...reading, 'alerts.triage', 'scans.run', 'questions.ask', 'questions.secrets'],
  auditor: [...reading, 'audit.read'],
  integration: [
    ...reading,
    'intel.write',
    'intel.deploy',
    'alerts.triage',
    'scans.run',
    'questions.ask',
    'metrics.read',
  ],
}

/** What concerns every endpoint, or none: a role within some groups does not give it. */
export const fleetWide: readonly Permission[] = [
  'intel.write',
  'intel.deploy',
  'endpoints.enrol',
  'audit.read',
  'access.manage',
  'settings.manage',
  'metrics.read',
]

/** Whether the principal has the permission: in the computer group if one is named, otherwise in any. */
export function allows(principal: Principal, permission: Permission, group?: number): boolean {
  if (principal.scope !== null && !principal.scope.includes(permission)) return false
  return principal.grants.some(({ role, groups }) => {
    if (!permissionsOfRole[role].includes(permission)) return false
    if (groups.length === 0) return true
    if (fleetWide.includes(permission)) return false
    return group === undefined || groups.includes(group)
  })
}

/** Computer groups in which the principal has the permission; nothing means all of them. */
export function groupsFor(principal: Principal, permission: Permission): readonly number[] | undefined {
  const grants = principal.grants.filter(({ role }) => permissionsOfRole[role].includes(permission))
  if (grants.some(({ groups }) => groups.length === 0)) return undefined
  return [...new Set(grants.flatMap(({ groups }) => groups))]
}
