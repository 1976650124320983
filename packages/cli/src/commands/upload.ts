import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { CallRefused, type Connection, call } from '@tocsin/api'
import { importSignals, uploadIntel } from '@tocsin/api/v1/intel.ts'
import { readExchange, renderText } from '@tocsin/intel'
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
      const outcomes: Outcome[] = []
      for (const file of files) outcomes.push(...(await uploadFile(connection, file)))
      if (options.json) printJson({ files: outcomes })
      else for (const outcome of outcomes) print(outcome.text)
      process.exitCode = outcomes.every(({ accepted }) => accepted) ? exitCodes.done : exitCodes.no
    })
}

interface Outcome {
  readonly file: string
  readonly accepted: boolean
  readonly id: number | null
  readonly created: boolean
  readonly diagnostics: readonly unknown[]
  readonly coverage?: unknown
  readonly text: string
}

/** An exchange file of several signals is that many documents. */
async function uploadFile(connection: Connection, file: string): Promise<readonly Outcome[]> {
  const raw = await readFile(file)
  const several = (readExchange(raw)?.signals.length ?? 0) > 1
  return several ? importFile(connection, file, raw) : [await uploadOne(connection, file, raw)]
}

async function importFile(
  connection: Connection,
  file: string,
  raw: Uint8Array,
): Promise<readonly Outcome[]> {
  const { items } = await call(connection, importSignals, { raw, query: {} })
  return items.map(({ name, document, created, diagnostics }) => {
    const said = diagnostics.map(
      ({ severity, code, message }) => `  ${severity} ${code}: ${harmless(message)}`,
    )
    const head =
      document === null
        ? `${harmless(file)}: “${harmless(name)}” refused`
        : `${harmless(file)}: ${document.kind} ${document.id} “${harmless(name)}”${created ? '' : ', was there already'}`
    const text = [head, ...said].join('\n')
    return { file, accepted: document !== null, id: document?.id ?? null, created, diagnostics, text }
  })
}

async function uploadOne(connection: Connection, file: string, raw: Uint8Array): Promise<Outcome> {
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
