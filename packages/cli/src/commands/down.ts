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
    .description('stop what `tocsin up` started')
    .option('--purge', 'also remove TOCSIN_HOME and all state: intel, alerts, evidence and keys')
    .option('--yes', 'do not ask before removing')
    .action(async (options: { purge?: true; yes?: true }) => {
      if (options.purge && !options.yes && !(await isConfirmed())) {
        process.exitCode = process.stdin.isTTY ? exitCodes.no : exitCodes.usage
        return
      }
      process.exitCode = await run(options.purge ? ['--purge'] : [])
    })
}

async function isConfirmed(): Promise<boolean> {
  if (!process.stdin.isTTY) {
    console.error('--purge removes everything: add --yes where nobody can be asked.')
    return false
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  const answer = await terminal.question(`Remove ${home()} with all intel, alerts, evidence and keys? [y/N] `)
  terminal.close()
  return /^y(es)?$/i.test(answer.trim())
}

function run(flags: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [entry, ...flags], { stdio: 'inherit' })
  return new Promise((resolve) => child.on('exit', (code) => resolve(code ?? exitCodes.no)))
}
