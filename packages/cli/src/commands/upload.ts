import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { CallRefused, type Connection, call } from '@tocsin/api'
import { uploadIntel } from '@tocsin/api/v1/intel.ts'
import { renderText } from '@tocsin/intel'
import type { Diagnostic } from '@tocsin/model'
import type { Command } from 'commander'
import { connectionOf } from '../connection.ts'
import { exitCodes } from '../exit-codes.ts'
import { harmless, print, printJson } from '../output.ts'

export function register(program: Command): void {
  program
    .command('upload')
    .description('upload intel documents; nothing is deployed by it')
    .argument('<file...>', 'documents')
    .option('--json', 'one JSON object')
    .action(async (files: readonly string[], options: { json?: true }) => {
      const connection = await connectionOf()
      const outcomes = []
      for (const file of files) outcomes.push(await uploadFile(connection, file))
      if (options.json) printJson({ files: outcomes })
      else for (const outcome of outcomes) print(outcome.text)
      process.exitCode = outcomes.every(({ accepted }) => accepted) ? exitCodes.done : exitCodes.no
    })
}

async function uploadFile(connection: Connection, file: string) {
  const raw = await readFile(file)
  try {
    const received = await call(connection, uploadIntel, { raw, query: { fileName: basename(file) } })
    const { document, created, coverage, diagnostics } = received
    const where = coverageText(coverage)
    const text = `${harmless(file)}: ${document.kind} ${document.id} “${harmless(document.name)}”${created ? '' : ', was there already'}\n  ${where}`
    return {
      file,
      accepted: true,
      id: document.id,
      created,
      coverage,
      diagnostics,
      text: withDiagnostics(text, diagnostics as readonly Diagnostic[], raw, file),
    }
  } catch (error) {
    if (!(error instanceof CallRefused)) throw error
    const diagnostics = (error.refusal.diagnostics ?? []) as readonly Diagnostic[]
    const text = `${harmless(file)}: refused. ${error.refusal.text}`
    return {
      file,
      accepted: false,
      id: null,
      created: false,
      diagnostics,
      text: withDiagnostics(text, diagnostics, raw, file),
    }
  }
}

type Counts = Readonly<Record<'full' | 'partial' | 'never', number>>

function coverageText(coverage: {
  readonly endpoints: number
  readonly live: Counts
  readonly scan: Counts
  readonly silent: string | null
}): string {
  if (coverage.endpoints === 0) return 'no endpoint is enrolled yet'
  if (coverage.silent !== null)
    return `WARNING: it will never raise an alert: no enrolled endpoint can evaluate it\n  ${harmless(coverage.silent)}`
  const can = ({ full, partial }: Counts) => full + partial
  return `can fire live on ${can(coverage.live)} and by scan on ${can(coverage.scan)} of ${coverage.endpoints} endpoints`
}

function withDiagnostics(
  text: string,
  diagnostics: readonly Diagnostic[],
  raw: Uint8Array,
  file: string,
): string {
  const source = new TextDecoder().decode(raw)
  return [text, ...diagnostics.map((each) => renderText(each, source, harmless(file)))].join('\n')
}
