import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline/promises'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { home } from '../connection.ts'
import { exitCodes } from '../exit-codes.ts'

const entry = fileURLToPath(new URL('../../../server/src/supervisor/down.ts', import.meta.url))

export function register(program: Command): void {
  program
    .command('down')
    .description('stop what `tocsin up` runs')
    .option('--purge', 'remove all its state, too')
    .option('--yes', 'do not ask')
    .action(async ({ purge, yes }: { purge?: true; yes?: true }) => {
      if (purge && !yes && !(await isSure())) {
        process.exitCode = exitCodes.no
        return
      }
      const child = spawn(process.execPath, [entry, ...(purge ? ['--purge'] : [])], { stdio: 'inherit' })
      process.exitCode = await new Promise<number>((resolve) => {
        child.on('exit', (code) => resolve(code ?? exitCodes.no))
      })
    })
}

async function isSure(): Promise<boolean> {
  const asking = createInterface({ input: process.stdin, output: process.stdout })
  const answer = await asking.question(`Remove everything in ${home()}, alerts and intel included? [y/N] `)
  asking.close()
  return /^y(es)?$/i.test(answer.trim())
}
