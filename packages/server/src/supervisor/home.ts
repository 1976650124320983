import { link, readdir, readFile, realpath, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import {
  identityOf,
  isAlive,
  makeFolder,
  makeParents,
  type ProcessIdentity,
  StartFailure,
  writeDurably,
} from '../storage/postgres/index.ts'

/** Says that a folder is a TOCSIN_HOME, and may be removed with all that it holds. */
const mark = 'home.json'

/** Makes TOCSIN_HOME, 0700, and gives its real path; a folder with other things in it is not touched. */
export async function claimHome(wanted: string): Promise<string> {
  await makeParents(wanted)
  const found = await stat(wanted).catch(() => undefined)
  if (found !== undefined) await checkHome(wanted, found.uid)
  await makeFolder(wanted, 0o700)
  const home = await realpath(wanted)
  if (!(await isHome(home))) await writeDurably(join(home, mark), '{"kind":"tocsin-home"}\n')
  return home
}

export async function isHome(home: string): Promise<boolean> {
  return (await readFile(join(home, mark), 'utf8').catch(() => '')).includes('tocsin-home')
}

async function checkHome(home: string, uid: number): Promise<void> {
  if (uid !== process.getuid?.()) {
    throw new StartFailure(`${home} belongs to uid ${uid}: start as that user, or set TOCSIN_HOME.`)
  }
  const entries = await readdir(home)
  if (entries.length > 0 && !(await isHome(home))) {
    throw new StartFailure(
      `${home} holds other things than Tocsin's: set TOCSIN_HOME to a folder of its own.`,
    )
  }
}

/** Takes the home for this process; whoever has it keeps it, and is given. */
export async function takeHome(home: string): Promise<ProcessIdentity | undefined> {
  const lock = lockOf(home)
  const mine = `${lock}.${process.pid}`
  await writeDurably(mine, JSON.stringify(await identityOf(process.pid)))
  try {
    for (let tries = 1; ; tries += 1) {
      const isTaken = await link(mine, lock).then(
        () => true,
        () => false,
      )
      if (isTaken) return undefined
      const other = await runningOn(home)
      if (other !== undefined) return other
      if (tries === 3) throw new StartFailure(`${lock} cannot be written.`)
      await rm(lock, { force: true })
    }
  } finally {
    await rm(mine, { force: true })
  }
}

/** The supervisor that runs on this home. */
export async function runningOn(home: string): Promise<ProcessIdentity | undefined> {
  const text = await readFile(lockOf(home), 'utf8').catch(() => '')
  const [, pid, startedAt] = /^\{"pid":(\d+),"startedAt":"(\d+)"\}$/.exec(text) ?? []
  if (pid === undefined || startedAt === undefined) return undefined
  const other = { pid: Number(pid), startedAt }
  return (await isAlive(other)) ? other : undefined
}

export async function leaveHome(home: string): Promise<void> {
  await rm(lockOf(home), { force: true })
}

function lockOf(home: string): string {
  return join(home, 'up.json')
}
