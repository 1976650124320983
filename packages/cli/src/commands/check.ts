import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { costOf, type Reading, reachOfTerms, readIntel, renderText, sourceOf } from '@tocsin/intel'
import type { Command } from 'commander'
import { exitCodes } from '../exit-codes.ts'
import { filesUnder } from '../files-under.ts'
import { harmless, print, printJson } from '../output.ts'
import { withRelations } from '../relations.ts'
import { loadYaraValidator } from '../yara.ts'

interface Checked {
  readonly file: string
  readonly reading: Reading
  readonly source: string
}

export function register(program: Command): void {
  program
    .command('check')
    .description('read intel documents and say what was understood, without a server')
    .argument('<file...>', 'documents, or folders of documents')
    .option('--json', 'one JSON object')
    .action(async (paths: readonly string[], options: { json?: true }) => {
      const checked = withRelations(await Promise.all((await filesUnder(paths)).map(checkFile())))
      if (options.json) printJson({ files: checked.map(asJson) })
      else for (const each of checked) show(each)
      const refused = checked.filter(({ reading }) => reading.document === undefined).length
      if (!options.json && checked.length > 1) summarize(checked, refused)
      process.exitCode = refused === 0 ? exitCodes.done : exitCodes.no
    })
}

function checkFile(): (file: string) => Promise<Checked> {
  const yara = loadYaraValidator()
  return async (file) => {
    const bytes = await readFile(file)
    const reading = readIntel(bytes, { fileName: basename(file) }, { yara: await yara })
    return { file, reading, source: sourceOf(reading, bytes) }
  }
}

function asJson({ file, reading }: Checked) {
  const { document, kind, diagnostics } = reading
  return {
    file,
    kind,
    name: document?.name ?? null,
    accepted: document !== undefined,
    terms: document === undefined ? null : reachOfTerms(document),
    cost: document === undefined ? null : costOf(document),
    diagnostics,
  }
}

function show({ file, reading, source }: Checked): void {
  const { document, kind, diagnostics } = reading
  print(
    `${harmless(file)}: ${kind ?? 'unknown kind'}${document === undefined ? ', refused' : ` “${harmless(document.name)}”`}`,
  )
  if (document !== undefined) {
    print(`  ${termsOf(reachOfTerms(document))}`)
    const { class: cost, why } = costOf(document)
    print(`  cost: ${cost}${why === '' ? '' : `, ${harmless(why)}`}`)
  }
  for (const diagnostic of diagnostics) print(renderText(diagnostic, source, harmless(file)))
}

type Counts = ReturnType<typeof reachOfTerms>

function termsOf({ terms, live, scan, history, never }: Counts): string {
  return `${terms} ${terms === 1 ? 'term' : 'terms'}: ${live} live, ${scan} by scan, ${history} in history, ${never} never`
}

function summarize(checked: readonly Checked[], refused: number): void {
  const counts = checked.flatMap(({ reading }) =>
    reading.document === undefined ? [] : [reachOfTerms(reading.document)],
  )
  const sum = (of: keyof Counts) => counts.reduce((total, each) => total + each[of], 0)
  print(
    `\n${checked.length} files, ${refused} refused; ${termsOf({ terms: sum('terms'), live: sum('live'), scan: sum('scan'), history: sum('history'), never: sum('never') })}`,
  )
}
