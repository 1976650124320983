/** What a role may do. One permission a route; each is granted within computer groups. */
export const permissions = [
  'intel.read',
  'intel.write',
  'intel.deploy',
  'alerts.read',
  'alerts.triage',
  'scans.run',
  'questions.read',
  'questions.ask',
  'questions.secrets',
  'endpoints.read',
  'endpoints.enrol',
  'audit.read',
  'access.manage',
  'settings.manage',
  'tasks.read',
  'metrics.read',
] as const
export type Permission = (typeof permissions)[number]

export const roles = [
  'administrator',
  'intel author',
  'analyst',
  'responder',
  'auditor',
  'integration',
] as const
export type Role = (typeof roles)[number]
