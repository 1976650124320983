import {
  type Hints,
  parseDisposition,
  parseSignal,
  printSignal,
  type Reading,
  readIntel,
  readList,
  readMisp,
  readSigma,
  readSignals,
  type YaraValidator,
} from '@tocsin/intel'
import { readCybox } from '@tocsin/intel/formats/cybox/read-cybox.ts'
import { readOpenIoc } from '@tocsin/intel/formats/openioc/read-openioc.ts'
import { readStix } from '@tocsin/intel/formats/stix/read-stix.ts'
import { parsePattern } from '@tocsin/intel/formats/stix2/pattern/parse-pattern.ts'
import { printPattern } from '@tocsin/intel/formats/stix2/pattern/print-pattern.ts'
import { readStix2 } from '@tocsin/intel/formats/stix2/read-stix2.ts'
import { readYara } from '@tocsin/intel/formats/yara/read-yara.ts'
import { fromWire, parseQuestion, toWire, wireQuestion } from '@tocsin/questions'
import { complaintAbout } from './oracle.ts'
import { seedsIn } from './seeds.ts'
import type { Dialect } from './words.ts'

/** One reader under test. */
export interface FuzzTarget {
  readonly dialect: Dialect
  readonly seeds: () => readonly Uint8Array[]
  /** Gives what came out, in few words, so that new outcomes are noticed; throws a Complaint where it is wrong. */
  readonly run: (bytes: Uint8Array, tools: { readonly yara: YaraValidator }) => string
}

export class Complaint extends Error {}

type Read = (bytes: Uint8Array, hints: Hints, yara: YaraValidator) => Reading

function reader(dialect: Dialect, seeds: FuzzTarget['seeds'], read: Read): FuzzTarget {
  return {
    dialect,
    seeds,
    run(bytes, { yara }) {
      const reading = read(bytes, {}, yara)
      const complaint = complaintAbout(reading, bytes)
      if (complaint !== undefined) throw new Complaint(complaint)
      return outcomeOf(reading)
    },
  }
}

const signals = () => seedsIn(['signal'], /\.signal$/)
const patterns = () =>
  seedsIn(['stix2'], /\.json$/).flatMap((bytes) =>
    [...new TextDecoder().decode(bytes).matchAll(/"pattern":\s*("(?:[^"\\]|\\.)*")/g)].map(
      ([, text = '""']) => new TextEncoder().encode(JSON.parse(text)),
    ),
  )
const signalJson = () => [
  ...seedsIn(['signal'], /\.json$/),
  ...signals().map((bytes) =>
    new TextEncoder().encode(
      JSON.stringify({ name: 'x', platforms: ['linux'], contents: new TextDecoder().decode(bytes) }),
    ),
  ),
]
const folders = {
  openioc: () => seedsIn(['openioc'], /\.(?:ioc|xml)$/),
  stix: () => seedsIn(['stix', 'stix1'], /\.(?:stix|xml)$/),
  cybox: () => seedsIn(['cybox'], /\.(?:cybox|xml)$/),
  stix2: () => seedsIn(['stix2'], /\.json$/),
  sigma: () => seedsIn(['sigma'], /\.ya?ml$/),
  misp: () => seedsIn(['misp'], /\.json$/),
  list: () => [...seedsIn(['lists'], /\.(?:md5|sha\d+|txt)$/), ...lists],
  yara: () => seedsIn(['yara'], /\.yara?$/),
}
const lists = [
  '10.0.0.1, a\n10.0.0.0/8\nhxxp://a[.]b/c\nexample[.]com\n# b\n"d41d8cd98f00b204e9800998ecf8427e";x\n',
].map((text) => new TextEncoder().encode(text))
const questions = [
  'Get Computer Name and Running Processes contains ssh from all machines with Operating System contains Linux',
  'Get Disk having ( Disk:Used > 90% and Disk:Free < 5 GB ) from all machines in "Web servers"',
  'Get File Hash["/etc/passwd"] from all machines with not ( IP Address starts with "10." or Uptime >= 1 d )',
  'runing proceses does not match "a|b", Recorded Processes[ssh,7d]',
].map((text) => new TextEncoder().encode(text))
const dispositions = [
  'attachment; filename="a b.ioc"',
  "attachment; filename*=UTF-8''a%20b.ioc; filename=c.ioc",
  'filename=a.yara',
].map((text) => new TextEncoder().encode(text))

export const targets: Readonly<Record<string, FuzzTarget>> = {
  'signal-text': { dialect: 'signal', seeds: signals, run: signalRoundTrip },
  'signal-json': reader('json', signalJson, (bytes, hints) => readSignals(bytes, hints)[0] ?? nothing),
  openioc: reader('xml', folders.openioc, readOpenIoc),
  stix1: reader('xml', folders.stix, readStix),
  cybox: reader('xml', folders.cybox, readCybox),
  'stix2-bundle': reader('json', folders.stix2, readStix2),
  'stix2-pattern': { dialect: 'pattern', seeds: patterns, run: patternRoundTrip },
  sigma: reader('sigma', folders.sigma, readSigma),
  misp: reader('json', folders.misp, readMisp),
  list: reader('list', folders.list, readList),
  yara: reader('yara', folders.yara, readYara),
  disposition: { dialect: 'disposition', seeds: () => dispositions, run: nameIsSafe },
  question: { dialect: 'question', seeds: () => questions, run: questionRoundTrip },
  intel: reader(
    'json',
    () => [...Object.values(folders).flatMap((seeds) => seeds()), ...signals()],
    (bytes, hints, yara) => readIntel(bytes, hints, { yara }),
  ),
}

const nothing: Reading = { kind: null, diagnostics: [] }

function outcomeOf({ kind, document, diagnostics }: Reading): string {
  const codes = [...new Set(diagnostics.map(({ code }) => code))].sort()
  return `${kind} ${document?.condition.kind ?? '-'} ${codes.join(' ')}`
}

/** What is printed of a signal is read as the same signal. */
function signalRoundTrip(bytes: Uint8Array, { yara }: { readonly yara: YaraValidator }): string {
  const text = new TextDecoder().decode(bytes)
  const { signal } = parseSignal(text)
  if (signal !== undefined) {
    const printed = printSignal(signal)
    const again = parseSignal(printed).signal
    // What is printed may have outgrown the bound of a signal's text.
    if (again === undefined && printed.length < 60_000) throw new Complaint('a printed signal is not read')
    if (again !== undefined && printSignal(again) !== printed)
      throw new Complaint('a printed signal is read as another')
  }
  const reading = readIntel(bytes, { kind: 'tanium-signal' }, { yara })
  const complaint = complaintAbout(reading, bytes)
  if (complaint !== undefined) throw new Complaint(complaint)
  return outcomeOf(reading)
}

function patternRoundTrip(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes)
  const { pattern, problems } = parsePattern(text)
  const hasError = problems.some(({ severity }) => severity === 'error')
  if (pattern === undefined && !hasError) throw new Complaint('a pattern is missing without an error')
  for (const { place } of problems)
    if (place.from < 0 || place.from > place.to || place.to > text.length)
      throw new Complaint('a problem does not lie in the pattern')
  // A text that is a pattern by its grammar can still ask for half a repetition.
  if (pattern !== undefined && !hasError) {
    const printed = printPattern(pattern)
    const again = parsePattern(printed).pattern
    if (again === undefined && printed.length < 60_000) throw new Complaint('a printed pattern is not read')
    if (again !== undefined && printPattern(again) !== printed)
      throw new Complaint('a printed pattern is read as another')
  }
  return `${pattern?.kind ?? '-'} ${[...new Set(problems.map(({ code, message }) => code + message.slice(0, 12)))].join(' ')}`
}

/** Each reading of a question is printed as itself, and comes back from its wire form. */
function questionRoundTrip(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes)
  const { parses, diagnostics } = parseQuestion(text)
  if ((parses.length === 0) !== diagnostics.length > 0) throw new Complaint('neither a question nor a reason')
  for (const { question, text: canonical } of parses) {
    const [again, ...others] = parseQuestion(canonical).parses
    const isLong = canonical.length > 10_000 // what is printed may have outgrown the bound
    if (!isLong && (again?.text !== canonical || others.length > 0))
      throw new Complaint('a canonical text is read as another')
    const back = fromWire(wireQuestion.parse(toWire(question, canonical, true)))
    if (!('question' in back) || JSON.stringify(back.question) !== JSON.stringify(question))
      throw new Complaint('a wire form says another question')
  }
  return `${parses.length} ${[...new Set(diagnostics.map(({ code }) => code))].join(' ')}`
}

/** A file name has no folder, no control character and no endless length, wherever it came from. */
function nameIsSafe(bytes: Uint8Array): string {
  const name = parseDisposition(new TextDecoder('latin1').decode(bytes))
  if (name === null) return 'no name'
  if (name === '' || name.length > 255 || /[/\\\u0000-\u001f\u007f]/.test(name))
    throw new Complaint('a file name is empty, too long or no name')
  return `name ${name.length % 4}`
}
