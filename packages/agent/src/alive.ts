import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Micros } from '@tocsin/model'

/** When the agent was last alive; after a restart what lies between is blind. */
export class Alive {
  private readonly file: string

  constructor(stateDir: string) {
    this.file = join(stateDir, 'alive')
  }

  /** Nothing where no agent ever ran. */
  async last(): Promise<Micros | undefined> {
    const at = Number(await readFile(this.file, 'utf8').catch(() => ''))
    return Number.isSafeInteger(at) && at > 0 ? at : undefined
  }

  async note(at: Micros): Promise<void> {
    await writeFile(this.file, String(at), { mode: 0o600 }).catch(() => undefined) // a full disk ends nothing
  }
}
