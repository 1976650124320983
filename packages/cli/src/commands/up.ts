import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { exitCodes } from '../exit-codes.ts'

const entry = fileURLToPath(new URL('../../../server/src/supervisor/main.ts', import.meta.url))

export function register(program: Command): void {
  program
    .command('up')
    .description('run everything on this machine: database, signer, server and agent')
    .action(async () => {
      const child = spawn(process.execPath, [entry], { stdio: 'inherit' })
      for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => child.kill(name))
      process.exitCode = await new Promise<number>((resolve) => {
        child.on('exit', (code) => resolve(code ?? exitCodes.no))
      })
    })
}
