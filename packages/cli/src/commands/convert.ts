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
import { visit } from '@tocsin/model'
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

/** A text of no kind, or one that holds more values than a list of one value a line shows. */
function isProse({ reading, bytes }: ReadFile): boolean {
  const { kind, document, diagnostics } = reading
  if (kind === null) return diagnostics.some(({ code }) => code === 'INT003')
  if (kind !== 'list') return false
  if (document === undefined || diagnostics.some(({ code }) => code === 'LST001')) return true
  const { found } = quickAdd(new TextDecoder().decode(bytes.subarray(0, longestProse)), { name: '', at: 0 })
  return found.length > valuesIn(document)
}

/** Nobody writes longer prose about a thousand values. */
const longestProse = 1 << 20

function valuesIn({ condition }: IntelDocument): number {
  const values = new Set<unknown>()
  visit(condition, (node) => {
    if (node.kind !== 'term') return
    const { operand } = node
    if (operand.kind === 'set')
      for (let at = 0; at < operand.count; at += 1) values.add(`${operand.digest} ${at}`)
    if (operand.kind === 'values') for (const value of operand.values) values.add(value)
  })
  return values.size
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
