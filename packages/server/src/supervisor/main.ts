import { StartFailure } from '../storage/postgres/index.ts'
import { sayOn } from './say.ts'
import { readSettings } from './settings.ts'
import { startAll } from './up.ts'

/** What `tocsin up` runs. Its parent's end, SIGINT and SIGTERM stop everything in order. */
const say = sayOn(process.stdout)
const stops: (() => Promise<void>)[] = []
let isStopping = false

process.umask(0o077)
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const)
  process.on(name, () => void stopAll(0))
try {
  await startAll({
    settings: readSettings(process.env, process.cwd()),
    isTerminal: process.stdout.isTTY === true,
    say,
    isWanted: () => !isStopping,
    toStop: (stop) => stops.push(stop),
  })
} catch (error) {
  if (!isStopping) {
    say(`✗ ${error instanceof StartFailure ? error.message : explained(error)}`)
    await stopAll(1)
  }
}

async function stopAll(code: number): Promise<void> {
  if (isStopping) return
  isStopping = true
  for (let stop = stops.pop(); stop !== undefined; stop = stops.pop()) {
    await stop().catch((error: unknown) => say(`✗ ${explained(error)}`))
  }
  process.exit(code)
}

function explained(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
