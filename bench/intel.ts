import { LiveMatcher, type LoadedProgram, load } from '@tocsin/engine'
import { compile, type Hints, type Reading, readIntel, type YaraValidator } from '@tocsin/intel'
import type { Kind, Program } from '@tocsin/model'
import { loadYaraValidator } from '@tocsin/server/yara.ts'
import { documentsIn } from '../packages/testkit/src/fuzz/seeds.ts'

const folders: readonly (readonly [kind: Kind, folders: readonly string[], endings: RegExp])[] = [
  ['tanium-signal', ['signal'], /\.signal$/],
  ['openioc', ['openioc'], /\.ioc$/],
  ['stix', ['stix', 'stix1'], /\.(?:stix|xml)$/],
  ['cybox', ['cybox'], /\.(?:cybox|xml)$/],
  ['stix2', ['stix2'], /\.(?:json|stix2)$/],
  ['sigma', ['sigma'], /\.ya?ml$/],
  ['misp', ['misp'], /\.json$/],
  ['list', ['lists'], /\.(?:md5|sha\d+|txt)$/],
  ['yara', ['yara'], /\.yara?$/],
]

/** How fast documents are read, and how long one more takes in a large set: `npm run bench -- intel`. */
export async function bench(): Promise<void> {
  const yara = await loadYaraValidator()
  let total = 0
  for (const [kind, of, endings] of folders) total += readAll(kind, documentsIn(of, endings), yara)
  console.log(`all of it read, checked and compiled: ${(total / 1_000).toFixed(2)} s`)
  oneMore(3_000)
}

/** Gives the milliseconds of the first time, when the code is still cold; figures are of the best of three. */
function readAll(kind: Kind, documents: readonly Uint8Array[], yara: YaraValidator): number {
  const bytes = documents.reduce((sum, { length }) => sum + length, 0)
  let read = 0
  const once = () => {
    const begin = performance.now()
    read = documents.filter((each) => compiled(readIntel(each, { kind } satisfies Hints, { yara }))).length
    return performance.now() - begin
  }
  const first = once()
  const best = Math.min(first, once(), once())
  const perSecond = (amount: number) => (amount / best) * 1_000
  console.log(
    `${kind.padEnd(13)} ${documents.length} documents, ${(bytes / 2 ** 20).toFixed(2)} MiB, ${read} accepted: ` +
      `${Math.round(perSecond(documents.length))} documents/s, ${(perSecond(bytes) / 2 ** 20).toFixed(1)} MiB/s`,
  )
  return first
}

function compiled({ document }: Reading): boolean {
  return document !== undefined && compile(document, { id: 1, revision: 1 }).contract === 1
}

/** What an endpoint does for a set that has one program more: it loads that one and builds the matcher anew. */
function oneMore(count: number): void {
  const loaded = Array.from({ length: count }, (_, number) => load(programOf(number), () => undefined))
  const matcherOf = (programs: readonly LoadedProgram[]) =>
    new LiveMatcher(programs, { mostSubjects: 50_000, onEvicted: () => undefined })
  const loads: number[] = []
  const builds: number[] = []
  for (let number = 0; number < 21; number += 1) {
    const begin = performance.now()
    const one = load(programOf(count + number), () => undefined)
    const between = performance.now()
    matcherOf([...loaded, one])
    loads.push(between - begin)
    builds.push(performance.now() - between)
  }
  const median = (took: number[]) => took.sort((left, right) => left - right)[10]?.toFixed(2)
  console.log(
    `one document more than ${count}: program loaded in ${median(loads)} ms, matcher built anew in ${median(builds)} ms (medians of 21)`,
  )
}

/** Signals as people write them: a name, a folder and a word of the command line. */
function programOf(number: number): Program {
  const text = `process.path ends with '/tool-${number}' AND process.command_line contains '--mark-${number}' OR file.path is '/opt/x${number}/a'`
  const { document } = readIntel(new TextEncoder().encode(text), { kind: 'tanium-signal' }, { yara: noYara })
  if (document === undefined) throw new Error('the signal was not read')
  return compile(document, { id: number + 1, revision: 1 })
}

const noYara: YaraValidator = { validate: () => ({ accepted: true, problems: [] }) }
