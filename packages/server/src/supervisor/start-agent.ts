import { type ChildProcess, spawn } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { agentVariables } from '@tocsin/protocol'
import { z } from 'zod'
import { exists, makeFolder, writeDurably } from '../storage/postgres/index.ts'
import { Child } from './child.ts'
import type { Code } from './code-copy.ts'
import type { Plan } from './plan.ts'
import { harmless } from './say.ts'
import { reachedAt, type Settings } from './settings.ts'

const told = z.object({
  kind: z.enum(['ready', 'sources']),
  lines: z.array(z.string()).max(200).default([]),
})

export interface AgentOrder {
  readonly plan: Plan
  /** Its content child has another uid and must be able to read it. */
  readonly code: Code
  readonly settings: Settings
  readonly caPin: string
  readonly enrolmentToken: () => Promise<string>
  readonly say: (line: string) => void
}

/** Starts this machine's agent, with the rights of who started Tocsin; a token is made while it has no certificate. */
export async function startAgent({
  plan,
  code,
  settings,
  caPin,
  enrolmentToken,
  say,
}: AgentOrder): Promise<Pick<Child, 'ready' | 'stop'>> {
  const state = join(plan.base, 'agent')
  await makeFolder(state, 0o700)
  const tokenFile = join(plan.base, 'agent-token')
  const server = ['--server', `wss://${reachedAt(settings.bind)}:${settings.uplinkPort}`, '--state', state]
  const variables = { ...settings.forAgent, ...agentVariables(state) }
  const entry = join(code.root, 'packages/agent/src/main.ts')
  await finished(spawn(code.node, [entry, '--warm'], { stdio: 'ignore', env: variables }))
  const child = new Child({
    name: 'agent',
    node: code.node,
    entry,
    args: async () => {
      if (await exists(join(state, 'identity.json'))) return server
      await writeDurably(tokenFile, await enrolmentToken())
      return [...server, '--token-file', tokenFile, '--ca-pin', caPin]
    },
    env: variables,
    owner: null,
    onMessage: (message) => {
      const read = told.safeParse(message)
      if (!read.success) return
      for (const line of read.data.lines) say(`  ${harmless(line)}`)
      if (read.data.kind === 'ready') void rm(tokenFile, { force: true })
    },
    say,
  })
  return {
    ready: child.ready,
    stop: async () => {
      await child.stop()
      await release(code, state)
    },
  }
}

/** An agent that was killed just before has left the kernel's audit switches as it needed them. */
function release(code: Code, state: string): Promise<void> {
  return finished(
    spawn(code.node, [join(code.root, 'packages/agent/src/release.ts'), state], { stdio: 'ignore' }),
  )
}

function finished(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.on('exit', () => resolve())
    child.on('error', () => resolve())
  })
}
