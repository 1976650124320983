import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface Other {
  readonly url: string
  readonly postmaster: number
  /** kill -9 of the supervisor, not of PostgreSQL. */
  kill(): Promise<void>
}

/** Starts PostgreSQL from a process that can be killed. */
export async function startInOtherProcess(base: string, socketFolder: string): Promise<Other> {
  const child = fork(fileURLToPath(new URL('./start-and-tell.ts', import.meta.url)), [base, socketFolder])
  const told = await new Promise<{ url: string; pid: number }>((resolve, reject) => {
    child.once('message', (message) => resolve(message as { url: string; pid: number }))
    child.once('exit', (code) => reject(new Error(`it ended with ${code}`)))
  })
  return {
    url: told.url,
    postmaster: told.pid,
    kill: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await ended
    },
  }
}
