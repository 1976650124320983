import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { exitCodes } from '../exit-codes.ts'

const entry = fileURLToPath(new URL('../../../server/src/supervisor/main.ts', import.meta.url))

export function register(program: Command): void {
  program
    .command('up')
    .description('start the server with its database, and an agent for this machine; Ctrl-C stops them')
    .action(superviseHere)
}

/** The supervisor stops everything in order when this process asks it to, and when this process ends. */
function superviseHere(): Promise<void> {
  const child = spawn(process.execPath, [entry], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] })
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => child.kill(name))
  return new Promise((resolve) => {
    child.on('exit', (code) => {
      process.exitCode = code ?? exitCodes.no
      resolve()
    })
  })
}
