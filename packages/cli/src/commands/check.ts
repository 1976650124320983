import { relative, sep } from 'node:path'
import { costOf, reachOfTerms, renderSarif, renderText } from '@tocsin/intel'
import type { Command } from 'commander'
import { type ReadFile, readDocuments, shownAs } from '../documents.ts'
import { exitCodes } from '../exit-codes.ts'
import { harmless, print, printJson } from '../output.ts'
import { withRelations } from '../relations.ts'

interface Options {
  readonly json?: true
  readonly sarif?: true
}

export function register(program: Command): void {
  program
    .command('check')
    .description('read intel documents and say what was understood, without a server')
    .argument('<file...>', 'documents, folders of documents, or - for standard input')
    .option('--json', 'one JSON object')
    .option('--sarif', 'one SARIF 2.1.0 log')
    .action(async (paths: readonly string[], { json, sarif }: Options) => {
      const checked = withRelations(await readDocuments(paths))
      const refused = checked.filter(({ reading }) => reading.document === undefined).length
      if (sarif) process.stdout.write(renderSarif(checked.map(diagnosed), program.version() ?? ''))
      else if (json) printJson({ files: checked.map(asJson) })
      else {
        for (const each of checked) show(each)
        if (checked.length > 1) summarize(checked, refused)
      }
      process.exitCode = refused === 0 ? exitCodes.done : exitCodes.no
    })
}

function diagnosed({ file, reading, source }: ReadFile) {
  const path = relative(process.cwd(), file).split(sep).join('/')
  return { path: file === shownAs(file) ? path : shownAs(file), diagnostics: reading.diagnostics, source }
}

function asJson({ file, reading }: ReadFile) {
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

function show({ file: path, reading, source }: ReadFile): void {
  const file = harmless(shownAs(path))
  const { document, kind, diagnostics } = reading
  print(
    `${file}: ${kind ?? 'unknown kind'}${document === undefined ? ', refused' : ` “${harmless(document.name)}”`}`,
  )
  if (document !== undefined) {
    print(`  ${termsOf(reachOfTerms(document))}`)
    const { class: cost, why } = costOf(document)
    print(`  cost: ${cost}${why === '' ? '' : `, ${harmless(why)}`}`)
  }
  for (const diagnostic of diagnostics) print(renderText(diagnostic, source, file))
}

type Counts = ReturnType<typeof reachOfTerms>

function termsOf({ terms, live, scan, history, never }: Counts): string {
  return `${terms} ${terms === 1 ? 'term' : 'terms'}: ${live} live, ${scan} by scan, ${history} in history, ${never} never`
}

function summarize(checked: readonly ReadFile[], refused: number): void {
  const counts = checked.flatMap(({ reading }) =>
    reading.document === undefined ? [] : [reachOfTerms(reading.document)],
  )
  const sum = (of: keyof Counts) => counts.reduce((total, each) => total + each[of], 0)
  print(
    `\n${checked.length} files, ${refused} refused; ${termsOf({ terms: sum('terms'), live: sum('live'), scan: sum('scan'), history: sum('history'), never: sum('never') })}`,
  )
}
