import { type Capability, type Platform, vocabulary } from '@tocsin/model'
import type { IntelDocument } from './document.ts'
import { eachLeaf } from './each-leaf.ts'
import { reachOfLeaf } from './reach-of-leaf.ts'

/** How many of a document's terms can be evaluated in each way; a term counts in every way that reaches it. */
export interface TermReach {
  readonly terms: number
  readonly live: number
  readonly scan: number
  readonly history: number
  readonly never: number
}

export const everyPlatform: readonly Platform[] = ['linux', 'windows', 'macos']

/** Counts without an endpoint: what the vocabulary says can be filled on at least one of the document's platforms. */
export function reachOfTerms(document: IntelDocument): TermReach {
  const platforms = document.platforms.length === 0 ? everyPlatform : document.platforms
  const capabilities = platforms.map(fullCapability)
  const count = { terms: 0, live: 0, scan: 0, history: 0, never: 0 }
  eachLeaf(document.condition, (leaf, _, scope) => {
    const reaches = (mode: 'live' | 'scan') =>
      capabilities.some(
        (capability) => reachOfLeaf(leaf, scope, { mode, program: document, capability }) === undefined,
      )
    const live = reaches('live')
    const scan = reaches('scan')
    count.terms += 1
    count.live += live ? 1 : 0
    count.history += live ? 1 : 0
    count.scan += scan ? 1 : 0
    count.never += live || scan ? 0 : 1
  })
  return count
}

/** An endpoint of this platform that delivers all that the vocabulary knows. */
export function fullCapability(platform: Platform): Capability {
  return {
    platform,
    contracts: [1],
    privileged: true,
    events: deliveredOn('live', platform),
    state: deliveredOn('scan', platform),
    historySince: 0,
    yara: (['libyara', 'yara-x'] as const).map((engine) => ({ engine, modules: yaraModules, memory: true })),
    why: {},
  }
}

const yaraModules = [
  ...['pe', 'elf', 'macho', 'dotnet', 'dex', 'hash', 'math', 'time', 'console', 'cuckoo', 'magic'],
  ...['string', 'lnk', 'crx', 'vt', 'zip'],
]

function deliveredOn(
  source: 'live' | 'scan',
  platform: Platform,
): Readonly<Record<string, readonly string[]>> {
  const delivered: Record<string, string[]> = {}
  for (const row of vocabulary.values()) {
    if (!row[source].includes(platform)) continue
    const listed = delivered[row.object] ?? []
    listed.push(row.property)
    delivered[row.object] = listed
  }
  return delivered
}
