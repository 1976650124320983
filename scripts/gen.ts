import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { apiPage } from './reference/api.ts'
import { cyboxObjectsPage } from './reference/cybox-objects.ts'
import { diagnosticsPage } from './reference/diagnostics.ts'
import { failuresPage } from './reference/failures.ts'
import { limitsPage } from './reference/limits.ts'
import { metricsPage } from './reference/metrics.ts'
import { mispPage } from './reference/misp.ts'
import { openIocTermsPage } from './reference/openioc-terms.ts'
import { platformsPage } from './reference/platforms.ts'
import { propertiesPage } from './reference/properties.ts'
import { recordedEventsPage } from './reference/recorded-events.ts'
import { rolesPage } from './reference/roles.ts'
import { sensorsPage } from './reference/sensors.ts'
import { sigmaPage } from './reference/sigma.ts'
import { signalsPage } from './reference/signals.ts'
import { stateObjectsPage } from './reference/state-objects.ts'
import { stix2ObjectsPage } from './reference/stix2-objects.ts'

const folder = fileURLToPath(new URL('../docs/reference/', import.meta.url))

/** The pages of docs/reference, each made from the table that the product itself reads. */
const pages: Readonly<Record<string, () => string | Promise<string>>> = {
  'api.md': apiPage,
  'cybox-objects.md': cyboxObjectsPage,
  'diagnostics.md': diagnosticsPage,
  'failures.md': failuresPage,
  'limits.md': limitsPage,
  'metrics.md': metricsPage,
  'openioc-terms.md': openIocTermsPage,
  'misp.md': mispPage,
  'platforms.md': platformsPage,
  'properties.md': propertiesPage,
  'recorded-events.md': recordedEventsPage,
  'roles.md': rolesPage,
  'sensors.md': sensorsPage,
  'sigma.md': sigmaPage,
  'signals.md': signalsPage,
  'state-objects.md': stateObjectsPage,
  'stix2-objects.md': stix2ObjectsPage,
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
