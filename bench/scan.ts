import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { LoadedProgram } from '@tocsin/engine'
import type { ContentEngines } from '../packages/agent/src/scan/engines.ts'
import { tryContent } from '../packages/agent/src/scan/trial.ts'
import { DigestSet } from '../packages/engine/src/compare/digest-set.ts'
import { SortedLines } from '../packages/engine/src/compare/sorted-lines.ts'
import { hashProgram, nameProgram, yaraProgram } from './parts/scan-programs.ts'
import { type Cost, middle, scanRun, toolRun } from './parts/scan-runs.ts'

const corpus = fileURLToPath(new URL('../../shared/data/yara/', import.meta.url))
const rounds = 3
const bar = 0.8
/** Rules that do match programs and scripts: those of the corpus are of malware, which is not here. */
const plainRules = `
rule bench_elf { condition: uint32(0) == 0x464c457f }
rule bench_usage { strings: $a = "usage: " nocase condition: #a > 1 }
rule bench_hex { strings: $a = { 48 89 e5 [2-6] 48 8b ?? } condition: #a > 20 }
rule bench_words { strings: $a = /[a-z]{3,12}_[0-9]{2}\\b/ $b = "license" wide ascii fullword condition: all of them }
`

/** Scans of a warm tree without a budget, against the tools: `npm run bench -- scan [folder …]`. */
export async function bench(args: readonly string[]): Promise<void> {
  const roots = args.length > 0 ? args : ['/usr/bin', '/usr/lib/python3', '/usr/include']
  const folders = roots.map((root) => `'${root}'`).join(' ')
  const each = `find ${folders} -xdev -type f -print0 | xargs -0`
  const names = ['md5', 'sha1', 'sha256'] as const
  const tools = names.map((name) => `${each} ${name}sum`).join('; ')
  await namesOnly(roots)
  await against('sha256, and sha256sum', roots, [hashProgram('sha256')], `${each} sha256sum`)
  await against('three hashes of one read, and the tools in turn', roots, names.map(hashProgram), tools)
  hashSet()
  const engines = await tryContent()
  if (existsSync(corpus)) await yaraAgainstTool(roots, engines)
  else console.log('YARA: the rules of ../shared/data/yara are absent')
}

/** A million digests as a document's set holds them, and as a plain set of texts does. */
function hashSet(): void {
  const million = 1_000_000
  const texts = Array.from({ length: 2 * million }, () => randomBytes(32).toString('hex'))
  const known = texts.slice(0, million)
  const blob = Buffer.from(known.toSorted().join('\n'))
  const set = DigestSet.read(blob, 'sha256')
  if (set === undefined) throw new Error('the set is not read')
  const [own, plain] = [lookUps(set, texts), lookUps(new Set(known), texts)]
  const lines = lookUps(new SortedLines(blob), texts.slice(0, million / 5))
  const bytes = million * 32 + 4 * 2 ** Math.ceil(Math.log2(million / 4))
  console.log(
    `a million SHA-256, half of the look-ups known: ${mebibytes(bytes)} MiB, ${own} ns; a Set of texts ${plain} ns and ${mebibytes(million * (64 + 16 + 24))} MiB or more; sorted lines ${mebibytes(blob.length)} MiB, ${lines} ns`,
  )
}

function lookUps(set: { has(text: string): boolean }, texts: readonly string[]): number {
  let found = 0
  for (const text of texts.slice(0, 10_000)) if (set.has(text)) found += 1
  const at = process.cpuUsage()
  for (const text of texts) if (set.has(text)) found += 1
  const { user } = process.cpuUsage(at)
  return found === 0 ? Number.NaN : Math.round((user * 1_000) / texts.length)
}

async function namesOnly(roots: readonly string[]): Promise<void> {
  const runs = []
  for (let round = 0; round <= rounds; round += 1)
    runs.push(await scanRun({ roots, programs: [nameProgram()], engines: [] }))
  const { files, cpuSeconds, seconds } = middle(runs.slice(1))
  console.log(
    `file names only: ${files} files, ${Math.round(files / cpuSeconds)} in a CPU second, ${Math.round(files / seconds)} by the clock`,
  )
}

async function against(
  what: string,
  roots: readonly string[],
  programs: readonly LoadedProgram[],
  line: string,
): Promise<void> {
  const own = []
  const other = []
  await scanRun({ roots, programs, engines: [] }) // warm
  for (let round = 0; round < rounds; round += 1) {
    other.push(toolRun(line))
    own.push(await scanRun({ roots, programs, engines: [] }))
  }
  const run = middle(own)
  const rate = `${run.files} files, ${mebibytes(run.bytes)} MiB, ${Math.round(run.files / run.seconds)} files/s`
  console.log(`${what}: ${compared(run, middle(other))}; ${rate}${skippedText(run.skipped)}`)
}

async function yaraAgainstTool(roots: readonly string[], engines: ContentEngines) {
  const texts = [...textsOfCorpus(), plainRules]
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-bench-'))
  const file = join(folder, 'all.yar')
  for (const [number, text] of texts.entries()) writeFileSync(join(folder, `${number}.yar`), text)
  writeFileSync(file, texts.map((_, number) => `include "${join(folder, `${number}.yar`)}"`).join('\n'))
  const programs = texts.map(yaraProgram)
  const tool = roots.map((root) => `yara -N -r -w '${file}' '${root}'`).join('; ')
  const runs = []
  const toolRuns = []
  for (let round = 0; round < rounds; round += 1) {
    toolRuns.push(toolRun(tool))
    runs.push(await scanRun({ roots, programs, engines }))
  }
  const [run, other] = [middle(runs), middle(toolRuns)]
  const [first] = engines.filter(({ why }) => why === null)
  console.log(
    `YARA (${first?.engine}), ${texts.length} texts, and the yara tool: ${compared(run, other)}; ${run.files} files, ${mebibytes(run.bytes)} MiB${skippedText(run.skipped)}`,
  )
  const names = new Map(texts.map((text, number) => [programs[number]?.digest ?? '', namesOf(text)]))
  console.log(agreement(run.matches, names, other.output))
  for (const { message } of run.quarantined) console.log(`  set aside: ${message}`)
  rmSync(folder, { recursive: true })
  const slow = engines.filter(({ engine }) => engine === 'yara-x')
  const [least = '/usr/bin'] = roots.slice(1)
  const [fast, wasm] = [
    await scanRun({ roots: [least], programs, engines }),
    await scanRun({ roots: [least], programs, engines: slow }),
  ]
  console.log(`YARA-X takes ${(wasm.cpuSeconds / fast.cpuSeconds).toFixed(1)} times the CPU time in ${least}`)
}

type Names = ReadonlySet<string>

/** Whether each file is matched by the same texts: the tool names rules, a finding names its program. */
function agreement(
  matches: readonly { readonly program: string; readonly subject: string }[],
  names: ReadonlyMap<string, Names>,
  output: string,
): string {
  const own = new Set(
    matches.map(({ program, subject }) => `${program} ${subject.replace(/\|[0-9a-f]{64}$/, '')}`),
  )
  const other = new Set(
    output.split('\n').flatMap((line) => {
      const [rule = '', ...path] = line.split(' ')
      return [...names].filter(([, has]) => has.has(rule)).map(([program]) => `${program} ${path.join(' ')}`)
    }),
  )
  const only = (left: ReadonlySet<string>, right: ReadonlySet<string>) =>
    [...left].filter((pair) => !right.has(pair))
  const [here, there] = [only(own, other), only(other, own)]
  for (const pair of [...here.slice(0, 5), ...there.slice(0, 5)]) console.log(`  differs: ${pair}`)
  return `  matches, file by file: ${own.size} here, ${other.size} of the tool; only here ${here.length}, only there ${there.length}`
}

function textsOfCorpus(): readonly string[] {
  return readdirSync(corpus, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.yara?$/.test(name))
    .map((name) => readFileSync(join(corpus, name), 'utf8'))
}

function namesOf(text: string): Names {
  return new Set(
    [...text.matchAll(/^\s*(?:private\s+|global\s+)*rule\s+(\w+)/gm)].map(([, name = '']) => name),
  )
}

function compared(own: Cost, other: Cost): string {
  const ratio = other.cpuSeconds / own.cpuSeconds
  const verdict = ratio >= bar ? 'at or above' : 'BELOW'
  return `${ratio.toFixed(2)} of the tool's speed by CPU time (${own.cpuSeconds.toFixed(2)} s and ${other.cpuSeconds.toFixed(2)} s), ${(other.seconds / own.seconds).toFixed(2)} by the clock; ${verdict} ${bar}`
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / 2 ** 20)
}

function skippedText(skipped: Readonly<Record<string, number>>): string {
  const parts = Object.entries(skipped).map(([reason, count]) => `${reason} ${count}`)
  return parts.length === 0 ? '' : ` (skipped: ${parts.join(', ')})`
}
