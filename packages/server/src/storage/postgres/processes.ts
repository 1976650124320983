import { readFile } from 'node:fs/promises'

/** One process for certain: a reused pid has another start time. */
export interface ProcessIdentity {
  readonly pid: number
  /** Ticks since boot. */
  readonly startedAt: string
}

/** The living process with this pid; a zombie does not live. */
export async function identityOf(pid: number): Promise<ProcessIdentity | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ') // the name before may hold blanks and brackets
  const [state, startedAt] = [fields[0], fields[19]]
  return startedAt === undefined || state === 'Z' || state === 'X' ? undefined : { pid, startedAt }
}

export async function isAlive(process: ProcessIdentity): Promise<boolean> {
  return (await identityOf(process.pid))?.startedAt === process.startedAt
}

export async function commandOf(pid: number): Promise<readonly string[]> {
  const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  return text.split('\0').slice(0, -1)
}

export async function uidOf(pid: number): Promise<number | undefined> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const found = /^Uid:\t(\d+)/m.exec(text)?.[1]
  return found === undefined ? undefined : Number(found)
}

/** Sends a signal unless the process is gone; whether it is gone after at most `limitMs`. */
export async function end(
  process_: ProcessIdentity,
  name: NodeJS.Signals,
  limitMs: number,
): Promise<boolean> {
  if (!(await isAlive(process_))) return true
  try {
    process.kill(process_.pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
  for (let waited = 0; waited < limitMs; waited += 50) {
    if (!(await isAlive(process_))) return true
    await pause(50)
  }
  return !(await isAlive(process_))
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
