import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Platform, visit } from '@tocsin/model'
import { expect, test } from 'vitest'
import { type IntelDocument, type Reading, reachOfTerms, readIntel } from '../packages/intel/src/index.ts'
import { loadYara } from '../packages/intel/src/testdata/yara-x.ts'

const data = new URL('../../shared/data/', import.meta.url)
const isHere = existsSync(data)
const why = isHere ? '' : ` (skipped: ${data.pathname} is absent)`
const page = fileURLToPath(new URL('../docs/reference/corpora.md', import.meta.url))

/** Folder, what it is, and the ends of the names that are documents. */
const corpora: readonly (readonly [folder: string, title: string, ends: string])[] = [
  ['openioc/mandiant', 'OpenIOC 1.0, mandiant/iocs', '.ioc'],
  ['openioc/redteam-11', 'OpenIOC 1.1, fireeye/red_team_tool_countermeasures', '.ioc'],
  ['openioc/ioc_writer', 'OpenIOC 1.0 and 1.1, mandiant/ioc_writer', '.ioc'],
  ['cybox/samples', 'CybOX 2.1, CybOXProject/schemas', '.xml'],
  ['stix2/examples', 'STIX 2.1, oasis-open/cti-stix2-json-schemas', '.json'],
  ['stix2/mvt', 'STIX 2.1, mvt-project/mvt-indicators', '.stix2'],
  ['yara/bartblaze', 'YARA, bartblaze/Yara-rules', ''],
  ['yara/reversinglabs', 'YARA, reversinglabs/reversinglabs-yara-rules', ''],
  ['misp', 'MISP, MISP/PyMISP', '.json'],
  ['lists/eset', 'lists, eset/malware-ioc', ''],
]
const platforms: readonly Platform[] = ['linux', 'windows', 'macos']

test.runIf(isHere)(
  `the page of corpora says what is evaluable of each${why}`,
  { timeout: 120_000 },
  async () => {
    const yara = await loadYara()
    const rows: string[] = []
    const reasons = new Map<string, number>()
    for (const [folder, title, ends] of corpora) {
      const readings = filesOf(folder, ends).map((file) => {
        return readIntel(readFileSync(file), { fileName: file.slice(file.lastIndexOf('/') + 1) }, { yara })
      })
      const documents = readings.flatMap(({ document }) => document ?? [])
      rows.push(rowOf(title, readings, documents))
      for (const [reason, count] of reasonsIn(readings))
        reasons.set(reason, (reasons.get(reason) ?? 0) + count)
    }
    const said = [...reasons].sort(([one], [other]) => one.localeCompare(other))
    await expect(pageOf(rows, said)).toMatchFileSnapshot(page)
  },
)

function filesOf(folder: string, ends: string): readonly string[] {
  const root = new URL(`${folder}/`, data)
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ends) && !/README|LICENSE|\.md$/.test(name))
    .map((name) => fileURLToPath(root) + name)
    .filter((file) => statSync(file).isFile())
    .sort()
}

function rowOf(title: string, readings: readonly Reading[], documents: readonly IntelDocument[]): string {
  const reaches = documents.map((document) => reachOfTerms(document))
  const sum = (of: 'terms' | 'live' | 'scan' | 'never') =>
    reaches.reduce((total, each) => total + each[of], 0)
  const neverOn = (platform: Platform) =>
    documents.reduce((total, each) => total + reachOfTerms({ ...each, platforms: [platform] }).never, 0)
  const evaluable = sum('terms') === 0 ? '–' : `${(100 * (1 - sum('never') / sum('terms'))).toFixed(1)} %`
  const cells = [
    readings.length,
    documents.length,
    sum('terms'),
    sum('live'),
    sum('scan'),
    sum('never'),
    evaluable,
  ]
  return `| ${title} | ${[...cells, ...platforms.map(neverOn)].join(' | ')} |`
}

/** Of every term that no platform evaluates, what is said about it. */
function reasonsIn(readings: readonly Reading[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { document, diagnostics } of readings) {
    const foreign = new Set<string>()
    if (document !== undefined) {
      visit(document.condition, (node) => {
        if (node.kind === 'term' && node.property.startsWith('foreign:')) foreign.add(node.property)
      })
    }
    if (foreign.size === 0) continue
    for (const { code, message } of diagnostics) {
      if (!['IOC005', 'CBX005', 'ST2009', 'SGM013'].includes(code)) continue
      const text = message.replace(/ \(\d+ times\)$/, '')
      counts.set(text, (counts.get(text) ?? 0) + 1)
    }
  }
  return counts
}

function pageOf(rows: readonly string[], reasons: readonly (readonly [string, number])[]): string {
  const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;')
  return `<!-- made by scripts/corpora.test.ts -->
# What public intel can do here
Public documents, read by this version. A term counts once where equal ones were joined; *live* counts what events tell, *by scan* what lies
there or what content shows, both on at least one platform. The last three columns count the terms that no agent of that platform could ever
evaluate. Windows and macOS stand for what their sources can tell: no agent has run on either yet.

| corpus | files | documents | terms | live | by scan | never | evaluable | never on Linux | on Windows | on macOS |
|--|--|--|--|--|--|--|--|--|--|--|
${rows.join('\n')}

## What is never evaluable, and why
| said of a term | documents |
|--|--|
${reasons.map(([reason, count]) => `| ${cell(reason)} | ${count} |`).join('\n')}
`
}
