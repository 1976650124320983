import { spawn } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { agentVariables } from '@tocsin/protocol'
import type { Command } from 'commander'
import { exitCodes } from '../exit-codes.ts'

const entry = fileURLToPath(new URL('../../../agent/src/main.ts', import.meta.url))

const release = fileURLToPath(new URL('../../../agent/src/release.ts', import.meta.url))

export function register(program: Command): void {
  const agent = program.command('agent').description('run or remove the agent of this machine')
  agent
    .command('run', { isDefault: true })
    .description('run an agent on this machine; the token is needed once, until it is enrolled')
    .requiredOption('--server <url>', "the server's uplink, such as wss://tocsin.example:8443")
    .option('--token-file <file>', 'file with an enrolment token')
    .option('--ca-pin <sha256>', "SHA-256 of the server's certificate authority, as enroll-token prints it")
    .requiredOption('--state <folder>', 'where the agent keeps its key, programs and findings')
    .action((options: { server: string; tokenFile?: string; caPin?: string; state: string }) => {
      const flags = ['--server', options.server, '--state', options.state]
      if (options.tokenFile !== undefined) flags.push('--token-file', options.tokenFile)
      if (options.caPin !== undefined) flags.push('--ca-pin', options.caPin)
      return run(entry, flags, agentVariables(resolve(options.state)))
    })
  agent
    .command('uninstall')
    .description('take back what an agent left in the kernel, and remove its state; the agent must not run')
    .requiredOption('--state <folder>', 'the state folder of the agent')
    .action(async ({ state }: { state: string }) => {
      await run(release, [state])
      if (process.exitCode === exitCodes.done) await rm(state, { recursive: true, force: true })
    })
}

function run(
  script: string,
  flags: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<void> {
  const child = spawn(process.execPath, [script, ...flags], {
    stdio: 'inherit',
    env: { ...process.env, ...variables },
  })
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => child.kill(name))
  return new Promise((resolve) => {
    child.on('exit', (code) => {
      process.exitCode = code ?? exitCodes.no
      resolve()
    })
  })
}
