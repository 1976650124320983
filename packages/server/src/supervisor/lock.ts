import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Who runs on this home: pid and start time, so that another process with a reused pid is not taken for it. */
export interface Running {
  readonly pid: number
  readonly startedAt: string
}

/** Takes the home for this process; gives whoever has it instead. */
export async function takeHome(home: string): Promise<Running | undefined> {
  const other = await runningOn(home)
  if (other !== undefined) return other
  const me: Running = { pid: process.pid, startedAt: await startTimeOf(process.pid) }
  await writeFile(lockOf(home), JSON.stringify(me), { mode: 0o600 })
  return undefined
}

export async function runningOn(home: string): Promise<Running | undefined> {
  const text = await readFile(lockOf(home), 'utf8').catch(() => '')
  if (text === '') return undefined
  const other = JSON.parse(text) as Running
  const isAlive = other.pid !== process.pid && (await startTimeOf(other.pid)) === other.startedAt
  return isAlive ? other : undefined
}

export async function leaveHome(home: string): Promise<void> {
  await rm(lockOf(home), { force: true })
}

function lockOf(home: string): string {
  return join(home, 'up.json')
}

/** Field 22 of /proc/PID/stat, after the name, which may hold blanks. */
async function startTimeOf(pid: number): Promise<string> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}
