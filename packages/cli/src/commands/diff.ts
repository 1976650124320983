import { type Change, type DocumentDiff, diffDocuments, renderText, type TermChange } from '@tocsin/intel'
import type { Command } from 'commander'
import { type ReadFile, readDocument, shownAs } from '../documents.ts'
import { exitCodes } from '../exit-codes.ts'
import { harmless, print, printJson, tell } from '../output.ts'

export function register(program: Command): void {
  program
    .command('diff')
    .description('say in what two documents differ in meaning, whatever their formats')
    .argument('<before>', 'document, or - for standard input')
    .argument('<after>', 'document')
    .option('--json', 'one JSON object')
    .action(async (before: string, after: string, { json }: { json?: true }) => {
      const one = await readDocument(before)
      const other = await readDocument(after)
      if (one?.reading.document === undefined || other?.reading.document === undefined) {
        for (const file of [one, other]) if (file !== undefined) showErrors(file)
        process.exitCode = exitCodes.usage
        return
      }
      const diff = diffDocuments(one.reading.document, other.reading.document)
      if (json) printJson({ before, after, ...diff })
      else show(diff, `${harmless(shownAs(before))} → ${harmless(shownAs(after))}`)
      process.exitCode = diff.isSame ? exitCodes.done : exitCodes.no
    })
}

function showErrors({ file, reading, source }: ReadFile): void {
  if (reading.document !== undefined) return
  for (const diagnostic of reading.diagnostics) tell(renderText(diagnostic, source, harmless(shownAs(file))))
}

function show(diff: DocumentDiff, files: string): void {
  print(`${files}: ${diff.isSame ? 'the same meaning' : 'different'}`)
  for (const term of diff.terms) showTerm(term)
  if (diff.isCombinedDifferently) print('  the terms are combined differently')
  showChange('platforms', diff.platforms)
  showChange('techniques', diff.techniques)
  showChange('valid', diff.validity)
}

function showTerm({
  property,
  comparison,
  style,
  addedCount,
  removedCount,
  added,
  removed,
}: TermChange): void {
  const styled = style.length === 0 ? '' : ` (${style.join(', ')})`
  print(`  ${harmless(property)} ${comparison}${styled}: ${addedCount} added, ${removedCount} removed`)
  for (const value of added) print(`    + ${harmless(value)}`)
  if (addedCount > added.length) print(`    + … ${addedCount - added.length} more`)
  for (const value of removed) print(`    - ${harmless(value)}`)
  if (removedCount > removed.length) print(`    - … ${removedCount - removed.length} more`)
}

function showChange(name: string, { added, removed }: Change): void {
  const told = [
    ...added.map((each) => `+ ${harmless(each)}`),
    ...removed.map((each) => `- ${harmless(each)}`),
  ]
  if (told.length > 0) print(`  ${name}: ${told.join(', ')}`)
}
