import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { apiPage } from './reference/api.ts'
import { diagnosticsPage } from './reference/diagnostics.ts'
import { failuresPage } from './reference/failures.ts'
import { limitsPage } from './reference/limits.ts'
import { metricsPage } from './reference/metrics.ts'
import { propertiesPage } from './reference/properties.ts'
import { rolesPage } from './reference/roles.ts'
import { signalsPage } from './reference/signals.ts'
import { stateObjectsPage } from './reference/state-objects.ts'

const folder = fileURLToPath(new URL('../docs/reference/', import.meta.url))

/** The pages of docs/reference, each made from the table that the product itself reads. */
const pages: Readonly<Record<string, () => string | Promise<string>>> = {
  'api.md': apiPage,
  'diagnostics.md': diagnosticsPage,
  'failures.md': failuresPage,
  'limits.md': limitsPage,
  'metrics.md': metricsPage,
  'properties.md': propertiesPage,
  'roles.md': rolesPage,
  'signals.md': signalsPage,
  'state-objects.md': stateObjectsPage,
}

/** Writes the pages; with `--check` only says which ones are not what they should be. */
const changed: string[] = []
for (const [name, make] of Object.entries(pages)) {
  const page = `<!-- made by npm run gen -->\n${await make()}`
  const now = await readFile(folder + name, 'utf8').catch(() => '')
  if (now === page) continue
  changed.push(name)
  if (!process.argv.includes('--check')) await writeFile(folder + name, page)
}
if (process.argv.includes('--check') && changed.length > 0) {
  console.error(`docs/reference is not up to date (npm run gen): ${changed.join(', ')}`)
  process.exit(1)
}
