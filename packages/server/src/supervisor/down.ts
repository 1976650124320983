import { realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  end,
  exists,
  findPostmaster,
  isRoot,
  type Owner,
  postgresOwner,
  runFolder,
  stopPostmaster,
} from '../storage/postgres/index.ts'
import { isHome, runningOn } from './home.ts'
import { baseOfRoot } from './plan.ts'
import { sayOn } from './say.ts'
import { homeOf } from './settings.ts'

/** What `tocsin down [--purge]` runs. */
const say = sayOn(process.stdout)
const stopLimitMs = 120_000
process.exitCode = await down(homeOf(process.env, process.cwd()), process.argv.includes('--purge'))

async function down(wanted: string, isPurge: boolean): Promise<number> {
  const home = await realpath(wanted).catch(() => undefined)
  if (home === undefined || !(await isHome(home))) {
    say(`${wanted} is no home of Tocsin.`)
    return isPurge ? 0 : 1
  }
  const supervisor = await runningOn(home)
  if (supervisor !== undefined && !(await end(supervisor, 'SIGTERM', stopLimitMs))) {
    say(`✗ Tocsin (process ${supervisor.pid}) does not stop.`)
    return 1
  }
  const bases = isRoot() ? [home, await baseOfRoot(home)] : [home]
  const orphans = await Promise.all(bases.map(stopOrphan))
  const didRun = supervisor !== undefined || orphans.includes(true)
  say(didRun ? `Tocsin on ${home} is stopped.` : `Tocsin does not run on ${home}.`)
  if (isPurge) await purge(home, bases)
  return 0
}

/** A PostgreSQL whose supervisor was killed. */
async function stopOrphan(base: string): Promise<boolean> {
  const owner: Owner | null = isRoot() ? postgresOwner : null
  const orphan = await findPostmaster({ data: join(base, 'data'), owner })
  if (orphan !== undefined) await stopPostmaster(orphan)
  return orphan !== undefined
}

async function purge(home: string, bases: readonly string[]): Promise<void> {
  const run = await runFolder(home, isRoot() ? postgresOwner : null)
  for (const folder of [run, ...bases.filter((base) => base !== home), home]) {
    if (!(await exists(folder))) continue
    await rm(folder, { recursive: true, force: true })
    say(`removed ${folder}`)
  }
}
