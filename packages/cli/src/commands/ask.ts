import { CallRefused, type Connection, call } from '@tocsin/api'
import {
  askQuestion,
  readQuestion,
  readQuestionEndpoints,
  readQuestionRows,
} from '@tocsin/api/v1/questions.ts'
import type { Command } from 'commander'
import {
  progressLine,
  type QuestionProgress,
  type QuestionRows,
  remarkLines,
  rowLines,
} from '../answer-lines.ts'
import { connectionOf } from '../connection.ts'
import { exitCodes } from '../exit-codes.ts'
import { harmless, print, printJson, tell } from '../output.ts'

interface Options {
  readonly question?: number
  readonly group?: number
  readonly save?: string
  readonly expire: number
  readonly limit: number
  readonly offset: number
  readonly wait: boolean
  readonly follow?: true
  readonly json?: true
}

const pollMs = 500
const pageRows = 1_000

export function register(program: Command): void {
  program
    .command('ask')
    .description('ask endpoints a question, such as "Get Computer Name and Uptime from all machines"')
    .argument('[text...]', 'the question; several words need no quotes')
    .option('--question <id>', 'show the answers to a question that was asked before', Number)
    .option('--group <id>', 'computer group that is asked', Number)
    .option('--save <name>', 'keep the question: endpoints that join later answer it, too')
    .option('--expire <seconds>', 'so long endpoints are asked that come', Number, 600)
    .option('--limit <rows>', 'show so many rows', Number, 100)
    .option('--offset <rows>', 'leave out so many rows first', Number, 0)
    .option('--no-wait', 'do not wait for the endpoints')
    .option('--follow', 'show rows while they come, until the question is over')
    .option('--json', 'one JSON object; with --follow one for each row that is new or was said again')
    .action(async (words: readonly string[], options: Options) => {
      if ((words.length === 0) === (options.question === undefined)) {
        tell('write a question, or name one that was asked with --question')
        process.exitCode = exitCodes.usage
        return
      }
      const connection = await connectionOf()
      const id = options.question ?? (await asked(connection, words.join(' '), options))
      if (id === undefined) process.exitCode = exitCodes.no
      else if (options.follow) await follow(connection, id, options.json === true)
      else await show(connection, id, options)
    })
}

/** Nothing if the text is no question, or several; that was said. */
async function asked(connection: Connection, text: string, options: Options): Promise<number | undefined> {
  const { group, save, expire: expireSeconds } = options
  const body = {
    ...{ text, expireSeconds },
    ...(group === undefined ? {} : { group }),
    ...(save === undefined ? {} : { save }),
  }
  try {
    return (await call(connection, askQuestion, { body })).id
  } catch (error) {
    if (!(error instanceof CallRefused) || error.refusal.diagnostics === undefined) throw error
    const { text: why, hint, diagnostics } = error.refusal
    tell(why)
    for (const line of diagnostics.map(diagnosticLine)) tell(`  ${harmless(line)}`)
    if (hint !== undefined) tell(hint)
    return undefined
  }
}

function diagnosticLine(diagnostic: unknown): string {
  const { message = '', hint } = diagnostic as { readonly message?: string; readonly hint?: string }
  return hint === undefined ? message : `${message} (${hint})`
}

async function show(
  connection: Connection,
  id: number,
  { wait, limit, offset, json }: Options,
): Promise<void> {
  const progress = wait
    ? await settled(connection, id, json !== true)
    : await call(connection, readQuestion, { params: { id } })
  const rows = await call(connection, readQuestionRows, { params: { id }, query: { limit, offset } })
  if (json) {
    printJson({ ...progress, ...rows })
    return
  }
  for (const line of rowLines(rows)) print(line)
  const { items } = await call(connection, readQuestionEndpoints, { params: { id }, query: { limit: 10 } })
  for (const line of remarkLines(progress, items, offset + rows.items.length)) tell(line)
}

/** Waits for the endpoints that are connected. */
async function settled(connection: Connection, id: number, isShown: boolean): Promise<QuestionProgress> {
  let before = ''
  for (;;) {
    const progress = await call(connection, readQuestion, { params: { id } })
    const line = progressLine(progress)
    if (isShown && line !== before) tell(line)
    before = line
    if (progress.state !== 'asking') return progress
    await pause()
  }
}

/** Shows what is new until everybody has answered or the time is over; a saved question goes on for ever. */
async function follow(connection: Connection, id: number, isJson: boolean): Promise<void> {
  const counts = new Map<string, number>()
  let before = ''
  for (;;) {
    const progress = await call(connection, readQuestion, { params: { id } })
    const line = progressLine(progress)
    if (!isJson && line !== before) tell(line)
    if (line !== before) await showNew(await allRows(connection, id), counts, isJson)
    before = line
    const isOver = progress.state === 'expired' || (progress.state === 'done' && progress.expiresAt !== null)
    if (isOver) return
    await pause()
  }
}

async function showNew(rows: QuestionRows, counts: Map<string, number>, isJson: boolean): Promise<void> {
  const items = rows.items.filter(({ cells, count }) => {
    const key = JSON.stringify(cells)
    const isNew = counts.get(key) !== count
    counts.set(key, count)
    return isNew
  })
  if (isJson) for (const item of items) printJson(item)
  else if (items.length > 0) for (const line of rowLines({ ...rows, items })) print(line)
}

async function allRows(connection: Connection, id: number): Promise<QuestionRows> {
  const items: QuestionRows['items'] = []
  for (;;) {
    const query = { limit: pageRows, offset: items.length }
    const page = await call(connection, readQuestionRows, { params: { id }, query })
    items.push(...page.items)
    if (page.items.length < pageRows) return { ...page, items }
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, pollMs))
}
