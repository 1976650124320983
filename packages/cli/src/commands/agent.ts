import { spawn } from 'node:child_process'
import { mkdir, rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { agentVariables } from '@tocsin/protocol'
import type { Command } from 'commander'
import { exitCodes } from '../exit-codes.ts'

const entry = fileURLToPath(new URL('../../../agent/src/main.ts', import.meta.url))

const release = fileURLToPath(new URL('../../../agent/src/release.ts', import.meta.url))

export function register(program: Command): void {
  const agent = program.command('agent').description('run or remove the agent of this machine')
  const runCommand = agent
    .command('run', { isDefault: true })
    .description('run an agent on this machine; the token is needed once, until it is enrolled')
  withEndpoint(runCommand).action(async (options: Endpoint) => {
    const state = resolve(options.state)
    const variables = agentVariables(state)
    await mkdir(state, { recursive: true, mode: 0o700 })
    await run(entry, ['--warm'], variables)
    if (process.exitCode === exitCodes.done) await run(entry, flagsOf(options), variables)
  })
  const replayCommand = agent
    .command('replay')
    .description(
      'hold what is deployed against recorded events as an endpoint would, raise alerts for what matches, and end',
    )
    .argument(
      '<file...>',
      'recorded events: Sysmon, eslogger, audit log or lines of JSON, also packed with gzip; `-` is standard input',
    )
  withEndpoint(replayCommand).action((files: readonly string[], options: Endpoint) =>
    run(entry, [...flagsOf(options), ...files.flatMap((file) => ['--replay', file])]),
  )
  agent
    .command('uninstall')
    .description('take back what an agent left in the kernel, and remove its state; the agent must not run')
    .requiredOption('--state <folder>', 'the state folder of the agent')
    .action(async ({ state }: { state: string }) => {
      await run(release, [state])
      if (process.exitCode === exitCodes.done) await rm(state, { recursive: true, force: true })
    })
}

interface Endpoint {
  readonly server: string
  readonly tokenFile?: string
  readonly caPin?: string
  readonly state: string
}

function withEndpoint(command: Command): Command {
  return command
    .requiredOption('--server <url>', "the server's uplink, such as wss://tocsin.example:8443")
    .option('--token-file <file>', 'file with an enrolment token')
    .option('--ca-pin <sha256>', "SHA-256 of the server's certificate authority, as enroll-token prints it")
    .requiredOption('--state <folder>', 'where the agent keeps its key, programs and findings')
}

function flagsOf({ server, state, tokenFile, caPin }: Endpoint): readonly string[] {
  const token = tokenFile === undefined ? [] : ['--token-file', tokenFile]
  const pin = caPin === undefined ? [] : ['--ca-pin', caPin]
  return ['--server', server, '--state', state, ...token, ...pin]
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
