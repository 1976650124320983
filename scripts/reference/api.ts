import type { Contract } from '../../packages/api/src/index.ts'
import { allRoutes } from '../../packages/server/src/routes.ts'
import { table } from './table.ts'

/** Every route, from the contracts that the server serves. */
export function apiPage(): string {
  const contracts: readonly Contract[] = allRoutes.map(({ contract }) => contract)
  const [tanium = [], own = []] = [true, false].map((wanted) =>
    contracts.filter(({ tag }) => tag.startsWith('Tanium') === wanted),
  )
  return `# API
JSON over HTTP. A session (\`POST /api/v1/session\`) or an API token goes into the header \`session\`. Refusals: [failures](failures.md);
permissions: [roles](roles.md). Parameters, bodies and answers of each route are described at \`/api/v1/openapi.json\` (OpenAPI 3.1), which a
running server also shows as a page at \`/\`.

${sections(own)}
# Tanium's paths
For clients that exist. They take the same sessions, tokens and permissions.

${sections(tanium)}`
}

function sections(contracts: readonly Contract[]): string {
  return [...Map.groupBy(contracts, ({ tag }) => tag)]
    .map(([tag, routes]) => {
      const rows = routes.map(({ method, path, may, summary }) => [
        method,
        `\`${path}\``,
        may === 'anyone' || may === 'signed-in' ? may : `\`${may}\``,
        summary,
      ])
      return `## ${tag}\n\n${table(['method', 'path', 'permission', 'summary'], rows)}\n`
    })
    .join('\n')
}
