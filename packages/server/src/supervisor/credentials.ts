import { join } from 'node:path'
import { z } from 'zod'
import { writeDurably } from '../storage/postgres/index.ts'

const secret = z.string().regex(/^[\x21-\x7e]{1,200}$/)

/** What the server made up when it started for the first time. */
export const firstCredentials = z.object({ adminPassword: secret.optional(), apiToken: secret.optional() })
export type FirstCredentials = z.infer<typeof firstCredentials>

/** Keeps them in a 0600 file, and shows them on a terminal only: not in a log. */
export async function keepCredentials(
  home: string,
  { adminPassword, apiToken }: FirstCredentials,
  screen: { readonly isTerminal: boolean; readonly say: (line: string) => void },
): Promise<void> {
  const lines = [
    ...(adminPassword === undefined ? [] : [`admin password: ${adminPassword}`]),
    ...(apiToken === undefined ? [] : [`API token: ${apiToken}`]),
  ]
  if (lines.length === 0) return
  const file = join(home, 'initial-credentials')
  await writeDurably(file, `${lines.join('\n')}\n`)
  if (screen.isTerminal) for (const line of lines) screen.say(`  ${line}`)
  screen.say(`  credentials: ${file}`)
}
