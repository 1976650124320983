import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { type Connection, call } from '@tocsin/api'
import {
  backtestDocument,
  backtestText,
  cancelBacktestContract,
  readBacktest,
} from '@tocsin/api/v1/backtests.ts'
import { type Command, InvalidArgumentError } from 'commander'
import { backtestLines } from '../backtest-lines.ts'
import { connectionOf } from '../connection.ts'
import { exitCodes } from '../exit-codes.ts'
import { print, printJson, tell } from '../output.ts'

interface Options {
  readonly intel?: number
  readonly since: number
  readonly endpoint?: readonly string[]
  readonly group: string
  readonly wait: boolean
  readonly json?: true
}

const pollMs = 500

export function register(program: Command): void {
  program
    .command('backtest')
    .description('run a document over the journals of endpoints: what it would have raised, before a deploy')
    .argument('[file]', 'a document that need not be stored')
    .option('--intel <id>', 'a stored document instead of a file', Number)
    .option('--since <time>', 'so far back, such as 90m, 12h or 7d', sinceOf, Date.now() - 7 * 86_400_000)
    .option('--endpoint <name...>', 'only these endpoints, by computer name or id')
    .option('--group <id>', 'computer group', '1')
    .option('--no-wait', 'do not wait for the endpoints')
    .option('--json', 'one JSON object')
    .action(async (file: string | undefined, options: Options) => {
      if ((file === undefined) === (options.intel === undefined)) {
        tell('name a file, or a stored document with --intel')
        process.exitCode = exitCodes.usage
        return
      }
      const connection = await connectionOf()
      const backtest = await requested(connection, file, options)
      if (!options.wait) {
        if (options.json) printJson(backtest)
        else print(`back-test ${backtest.id} is requested`)
        return
      }
      const report = await finished(connection, backtest.id, options.json !== true)
      if (options.json) printJson(report)
      else for (const line of backtestLines(report)) print(line)
      process.exitCode = report.state === 'cancelled' ? exitCodes.no : exitCodes.done
    })
}

async function requested(connection: Connection, file: string | undefined, options: Options) {
  const { intel: document, group, endpoint } = options
  const choice = {
    ...{ group, since: new Date(options.since).toISOString() },
    ...(endpoint === undefined ? {} : { endpoint: [...endpoint] }),
  }
  if (file === undefined) {
    return call(connection, backtestDocument, { body: { ...choice, document: document ?? 0 } })
  }
  const query = { ...choice, fileName: basename(file) }
  return call(connection, backtestText, { raw: await readFile(file), query })
}

type Report = Awaited<ReturnType<typeof read>>

function read(connection: Connection, id: number) {
  return call(connection, readBacktest, { params: { id } })
}

/** Waits for the endpoints that are connected; Ctrl-C ends the back-test there, a second one this command at once. */
async function finished(connection: Connection, id: number, show: boolean): Promise<Report> {
  const interrupted = Promise.withResolvers<'interrupted'>()
  process.once('SIGINT', () => interrupted.resolve('interrupted'))
  let before = ''
  for (;;) {
    const report = await read(connection, id)
    const line = progressLine(report)
    if (show && line !== before) tell(line)
    before = line
    if (report.state !== 'running') return report
    const pause = new Promise<'waited'>((resolve) => setTimeout(() => resolve('waited'), pollMs))
    if ((await Promise.race([pause, interrupted.promise])) === 'interrupted') {
      await call(connection, cancelBacktestContract, { params: { id } })
      return ended(connection, id)
    }
  }
}

/** Who runs it ends it within a moment, and says how far it came. */
async function ended(connection: Connection, id: number): Promise<Report> {
  for (let tries = 0; ; tries += 1) {
    const report = await read(connection, id)
    if ((report.states.running ?? 0) === 0 || tries === 10) return report
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
}

function progressLine({ id, state, states, targets, results, matches, since, until }: Report): string {
  const open = (states.waiting ?? 0) + (states.running ?? 0)
  const from = Date.parse(since)
  const span = Math.max(1, Date.parse(until) - from)
  const shares = results
    .filter((result) => result.state === 'running')
    .map(({ reached }) => (reached === null ? 0 : (Date.parse(reached) - from) / span))
  const slowest = shares.length === 0 ? '' : `, the slowest at ${Math.floor(100 * Math.min(...shares))} %`
  return `back-test ${id}: ${state}, ${targets - open} of ${targets} endpoints${slowest}, ${matches} matches`
}

const units = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** `7d` before now, in ms since 1970. */
function sinceOf(text: string): number {
  const [, count, unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? []
  if (count === undefined || (unit !== 'm' && unit !== 'h' && unit !== 'd'))
    throw new InvalidArgumentError('It is a number with m, h or d, such as 7d.')
  return Date.now() - Number(count) * units[unit]
}
