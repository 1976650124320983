import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { exitCodes } from '../exit-codes.ts'

const entry = fileURLToPath(new URL('../../../agent/src/main.ts', import.meta.url))

export function register(program: Command): void {
  program
    .command('agent')
    .description('run an agent on this machine; the token is needed once, until it is enrolled')
    .requiredOption('--server <url>', "the server's uplink, such as wss://tocsin.example:8443")
    .option('--token-file <file>', 'file with an enrolment token')
    .option('--ca-pin <sha256>', "SHA-256 of the server's certificate authority, as enroll-token prints it")
    .requiredOption('--state <folder>', 'where the agent keeps its key, programs and findings')
    .action((options: { server: string; tokenFile?: string; caPin?: string; state: string }) => {
      const flags = ['--server', options.server, '--state', options.state]
      if (options.tokenFile !== undefined) flags.push('--token-file', options.tokenFile)
      if (options.caPin !== undefined) flags.push('--ca-pin', options.caPin)
      return runAgent(flags)
    })
}

function runAgent(flags: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [entry, ...flags], { stdio: 'inherit' })
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => child.kill(name))
  return new Promise((resolve) => {
    child.on('exit', (code) => {
      process.exitCode = code ?? exitCodes.no
      resolve()
    })
  })
}
