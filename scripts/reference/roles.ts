import { permissions, roles } from '../../packages/api/src/index.ts'
import { fleetWide, permissionsOfRole } from '../../packages/server/src/access/roles.ts'
import { allRoutes } from '../../packages/server/src/routes.ts'
import { table } from './table.ts'

/** Which role has which permission, and what each permission opens. */
export function rolesPage(): string {
  const grid = permissions.map((permission) => [
    `\`${permission}\``,
    ...roles.map((role) => (permissionsOfRole[role].includes(permission) ? 'yes' : '')),
    fleetWide.includes(permission) ? 'all only' : 'any',
  ])
  const opened = permissions.map((permission) => [`\`${permission}\``, summariesOf(permission).join(' · ')])
  return `# Roles and permissions
A user has roles, each within some computer groups or within all. A permission that concerns every endpoint, or none in particular, comes
only with a role in all groups; the last column says which. An API token has its user's permissions, or fewer if it was made with a scope.

${table(['permission', ...roles, 'groups'], grid)}

## What each permission opens
The routes of \`/api/v1\`; Tanium's paths ask for the same permissions ([API](api.md)).

${table(['permission', 'opens'], opened)}
`
}

function summariesOf(permission: string): readonly string[] {
  const own = allRoutes.filter(
    ({ contract: { may, tag } }) => may === permission && !tag.startsWith('Tanium'),
  )
  return own.map(({ contract: { summary } }) => summary)
}
