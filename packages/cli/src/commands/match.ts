import { basename } from 'node:path'
import { TelemetryReader, Teller } from '@tocsin/telemetry'
import type { Command } from 'commander'
import { exitCodes } from '../exit-codes.ts'
import { filesUnder } from '../files-under.ts'
import { eventBytes } from '../match/event-bytes.ts'
import { MatchRun } from '../match/match-run.ts'
import { Progress } from '../match/progress.ts'
import { readPrograms } from '../match/read-programs.ts'
import { type EventFile, matchAsJson, matchedText, summaryText } from '../match/report.ts'
import { print, printJson } from '../output.ts'
import { loadYaraValidator } from '../yara.ts'

interface Options {
  readonly events: readonly string[]
  readonly json?: true
}

const mostExplained = 3

export function register(program: Command): void {
  program
    .command('match')
    .description('hold intel documents against recorded events, without a server or an agent')
    .argument('<intel...>', 'documents, or folders of documents')
    .requiredOption(
      '--events <file>',
      'recorded events: Sysmon, audit log or lines of JSON, also packed with gzip; `-` is standard input; may be repeated',
      (file: string, before: readonly string[] = []) => [...before, file],
    )
    .option('--json', 'one JSON object for each match, one a line')
    .action(async (paths: readonly string[], options: Options) => {
      const { ready, refused } = await readPrograms(await filesUnder(paths), {
        yara: await loadYaraValidator(),
      })
      const run = new MatchRun(ready, {
        mostKept: options.json ? 0 : mostExplained,
        onMatch: (document, match) => {
          if (options.json) printJson(matchAsJson(document.file, match))
        },
      })
      const files = await readAll(options.events, run)
      const matched = run.results().filter(({ count }) => count > 0)
      const summary = summaryText(run, files, refused)
      // Scripts read matches alone.
      if (options.json) process.stderr.write(`${summary}\n`)
      else for (const text of [...matched.map(matchedText), summary]) print(text)
      process.exitCode = matched.length > 0 ? exitCodes.done : exitCodes.no
    })
}

/** One after the other; processes of one file are known in the next. */
async function readAll(paths: readonly string[], run: MatchRun): Promise<readonly EventFile[]> {
  const teller = new Teller()
  const progress = new Progress()
  const files: EventFile[] = []
  for (const path of paths) files.push(await readFile(path, { teller, run, progress }))
  progress.end()
  return files
}

interface Sinks {
  readonly teller: Teller
  readonly run: MatchRun
  readonly progress: Progress
}

async function readFile(path: string, { teller, run, progress }: Sinks): Promise<EventFile> {
  const reader = new TelemetryReader(path === '-' ? 'stdin' : basename(path), teller)
  let fault: string | undefined
  try {
    for await (const bytes of eventBytes(path)) {
      for (const step of reader.push(bytes)) run.take(step)
      progress.add(bytes.length, run.events)
    }
  } catch (error) {
    if (!isOfPacking(error)) throw error
    fault = error.message
  }
  for (const step of reader.end()) run.take(step)
  const { unread, unreadCount, others } = reader
  return { path, unread, unreadCount, others, ...(fault === undefined ? {} : { fault }) }
}

/** A packed file that ends early or is damaged. */
function isOfPacking(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && /^Z_/.test(String(error.code))
}
