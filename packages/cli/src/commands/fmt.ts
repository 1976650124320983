import { writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { layOut, layOutExchange, readIntel, renderText } from '@tocsin/intel'
import type { Command } from 'commander'
import { type ReadFile, readDocuments, shownAs, standardInput } from '../documents.ts'
import { exitCodes } from '../exit-codes.ts'
import { harmless, print, tell } from '../output.ts'
import { loadYaraValidator } from '../yara.ts'

interface Options {
  readonly check?: true
  readonly write?: true
}

export function register(program: Command): void {
  program
    .command('fmt')
    .description('lay documents out in one way; prints one, or rewrites many')
    .argument('<file...>', 'documents, folders of documents, or - for standard input')
    .option('--check', 'only name the files that would change')
    .option('--write', 'rewrite the files that change')
    .action(async (paths: readonly string[], options: Options) => {
      const files = await readDocuments(paths)
      const rewrites = options.check === true || options.write === true
      if (!rewrites && files.length > 1) {
        tell('several files need --write or --check')
        process.exitCode = exitCodes.usage
        return
      }
      const yara = await loadYaraValidator()
      const results = files.map((file) => laidOut(file, (bytes) => readIntel(bytes, hintsOf(file), { yara })))
      for (const result of results) await handOut(result, options)
      const isUnfinished = results.some(({ isRefused, changes }) => isRefused || (changes && options.check))
      process.exitCode = isUnfinished ? exitCodes.no : exitCodes.done
    })
}

interface Result {
  readonly file: string
  readonly text: string | Uint8Array
  readonly changes: boolean
  readonly isRefused: boolean
}

function laidOut(read: ReadFile, reader: Parameters<typeof layOut>[2]): Result {
  const { file, bytes, reading, source } = read
  const name = harmless(shownAs(file))
  const { document, diagnostics } = reading
  const isExchange = diagnostics.some(({ code }) => code === 'SIG022')
  if (document === undefined && !isExchange) {
    for (const diagnostic of diagnostics) tell(renderText(diagnostic, source, name))
    return { file, text: bytes, changes: false, isRefused: true }
  }
  const result = document === undefined ? layOutExchange(bytes) : layOut(bytes, document, reader)
  if (result.kind === 'left') {
    tell(`${name}: left as it is: ${result.why}`)
    return { file, text: bytes, changes: false, isRefused: false }
  }
  const changes = !Buffer.from(result.text).equals(bytes)
  return { file, text: result.text, changes, isRefused: false }
}

async function handOut({ file, text, changes, isRefused }: Result, { check, write }: Options): Promise<void> {
  if (check) {
    if (changes) print(harmless(shownAs(file)))
  } else if (write && file !== standardInput) {
    if (changes) await writeFile(file, text)
    if (changes) print(harmless(file))
  } else if (!isRefused) process.stdout.write(text)
}

function hintsOf({ file }: ReadFile) {
  return file === standardInput ? {} : { fileName: basename(file) }
}
