import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { LiveMatcher, type LoadedProgram, load } from '@tocsin/engine'
import { compile, readSigma } from '@tocsin/intel'
import { type Step, TelemetryReader } from '@tocsin/telemetry'
import { type FlatRecord, sigmaTextOf, type TreeRule, type TreeTerm, verdictOf } from './sigma-trees.ts'

const folder = new URL('../../../../shared/data/engine/', import.meta.url)
const rulesFile = new URL('sigma-derived-rules.json.gz', folder)
const eventsFile = new URL('sysmon-events.jsonl.gz', folder)

/** Whether the corpora are beside the repository. */
export const hasSigmaCorpus = existsSync(rulesFile) && existsSync(eventsFile)
export const sigmaCorpusFolder = folder.pathname

export interface SigmaCorpus {
  readonly rules: readonly TreeRule[]
  /** Flat records, one JSON object each. */
  readonly lines: readonly string[]
}

export function sigmaCorpus(): SigmaCorpus {
  return {
    rules: JSON.parse(unpacked(rulesFile)),
    lines: unpacked(eventsFile).trimEnd().split('\n'),
  }
}

function unpacked(file: URL): string {
  return gunzipSync(readFileSync(file)).toString('utf8')
}

/** Every rule written as Sigma, read, compiled and loaded; its id is the rule's number. */
export function programsOf(rules: readonly TreeRule[]): readonly LoadedProgram[] {
  return rules.map((rule, id) => {
    const { document, diagnostics } = readSigma(new TextEncoder().encode(sigmaTextOf(rule)), {})
    if (document === undefined) throw new Error(`${rule.title}: ${JSON.stringify(diagnostics)}`)
    return load(compile(document, { id, revision: 1 }), (digest) => document.blobs.get(digest))
  })
}

/** What the product finds: pairs of a rule's number and the number of a line, from 0. */
export function pairsFound(
  programs: readonly LoadedProgram[],
  lines: readonly string[],
): ReadonlySet<string> {
  const matcher = new LiveMatcher(programs, { mostSubjects: 10_000, onEvicted: () => undefined })
  const found = new Set<string>()
  for (const step of stepsOf(lines)) {
    if (step.kind === 'start') matcher.start(step.process)
    if (step.kind === 'end') matcher.end(step.process, step.at)
    if (step.kind !== 'event') continue
    const line = Number(step.event.id.slice('corpus:'.length)) - 1
    for (const { loaded } of matcher.observe(step.event, step.actor))
      found.add(`${loaded.program.intel.id} ${line}`)
  }
  return found
}

/** What the product reads of the lines. */
export function stepsOf(lines: readonly string[]): readonly Step[] {
  const reader = new TelemetryReader('corpus')
  const encoder = new TextEncoder()
  return [...lines.flatMap((line) => reader.push(encoder.encode(`${line}\n`))), ...reader.end()]
}

/** What the trees say of the records as they are. */
export function pairsExpected(rules: readonly TreeRule[], lines: readonly string[]): ReadonlySet<string> {
  const records = lines.map((line): FlatRecord => JSON.parse(line))
  const expected = new Set<string>()
  for (const [id, rule] of rules.entries()) {
    for (const [line, record] of records.entries()) {
      if (record.type === rule.type && verdictOf(rule.expr, record, isReadable) === true)
        expected.add(`${id} ${line}`)
    }
  }
  return expected
}

const unread: ReadonlySet<string> = new Set(['network.hostname'])

/** What the vocabulary has no property for is unknown, however the records have it. */
function isReadable([field, , value]: TreeTerm): boolean {
  const isOtherHash = field === 'process.hashes' && /^imphash=/i.test(value)
  return !isOtherHash && !field.startsWith('other.') && !unread.has(field)
}
