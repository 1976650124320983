import { basename } from 'node:path'
import {
  type ConversionTarget,
  conversionTargets,
  convert,
  type IntelDocument,
  type Printed,
  quickAdd,
  type Reading,
  renderText,
} from '@tocsin/intel'
import { type Command, Option } from 'commander'
import { type ReadFile, readDocument, shownAs } from '../documents.ts'
import { exitCodes } from '../exit-codes.ts'
import { harmless, tell } from '../output.ts'

export function register(program: Command): void {
  program
    .command('convert')
    .description(
      'write a document in another format, exactly or not at all; a text is searched for its values',
    )
    .argument('<file>', 'document, or - for standard input')
    .addOption(
      new Option('--to <format>', 'format to write').choices(conversionTargets).makeOptionMandatory(),
    )
    .action(async (path: string, { to }: { to: ConversionTarget }) => {
      const read = await readDocument(path)
      if (read === undefined) {
        process.exitCode = exitCodes.usage
        return
      }
      const printed = converted(read, to, Date.now() * 1_000)
      if (printed?.kind === 'printed') {
        process.stdout.write(printed.text)
        for (const note of printed.notes) tell(`note: ${note}`)
      } else if (printed !== undefined) showRefusals(read, printed, to)
      process.exitCode = printed?.kind === 'printed' ? exitCodes.done : exitCodes.no
    })
}

/** Nothing where the document cannot be read, which is told. */
function converted(read: ReadFile, to: ConversionTarget, at: number): Printed | undefined {
  const { file, reading, bytes, source } = read
  if (to === 'openioc' && isProse(read)) return quicklyAdded(new TextDecoder().decode(bytes), file, at)
  if (isRead(reading)) return convert(reading, to, at)
  for (const diagnostic of reading.diagnostics) tell(renderText(diagnostic, source, harmless(shownAs(file))))
  return undefined
}

function isRead(reading: Reading): reading is Reading & { readonly document: IntelDocument } {
  return reading.document !== undefined
}

/** A text of no kind, or a list of which lines were rejected: values may stand anywhere in it. */
function isProse({ reading }: ReadFile): boolean {
  if (reading.kind === null) return reading.diagnostics.some(({ code }) => code === 'INT003')
  return reading.kind === 'list' && reading.diagnostics.some(({ code }) => /^LST00[12]$/.test(code))
}

function quicklyAdded(text: string, file: string, at: number): Printed {
  const { printed, found, rejected } = quickAdd(text, { name: basename(shownAs(file)), at })
  for (const word of rejected) tell(`note: “${harmless(word.slice(0, 80))}” is left out`)
  tell(`${found.length} values found, ${rejected.length} left out`)
  return printed
}

function showRefusals(
  { file, reading, source }: ReadFile,
  { refusals }: Extract<Printed, { kind: 'refused' }>,
  to: ConversionTarget,
): void {
  tell(`${harmless(shownAs(file))}: not convertible to ${to}, which cannot say:`)
  // Places of a signal are those of its JSON, which the file may not be.
  const isPlaced = reading.kind !== 'tanium-signal'
  for (const { why, span } of refusals) {
    const place = span === undefined || !isPlaced || source === '' ? '' : `${span.line}:${span.column}: `
    tell(`  ${place}${harmless(why)}`)
  }
}
