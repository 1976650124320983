import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** In a home of Tocsin this file lies, and beside the agent's state the other parts' folders. */
const mark = 'home.json'
const siblings: readonly string[] = ['code', 'data', 'pg', 'run', 'server', 'signer']

/** What is nobody's business: this agent's state, and the homes of a Tocsin on this machine. */
export function ownFolders(stateDir: string, home = process.env.TOCSIN_HOME): readonly string[] {
  const around = dirname(stateDir)
  const beside = existsSync(join(around, mark)) ? siblings.map((name) => join(around, name)) : []
  return [...new Set([stateDir, '/var/lib/tocsin', ...beside, ...(home === undefined ? [] : [home])])]
}
