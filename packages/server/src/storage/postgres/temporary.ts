import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Owner, startPostgres } from './cluster.ts'

/** The uid that PostgreSQL runs under when root starts it; no user needs to have it. */
export const postgresOwner: Owner = { uid: 64_181, gid: 64_181 }

/** A cluster of its own for tests; stopping it removes every trace. */
export async function startTemporaryPostgres(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const base = await mkdtemp(join(tmpdir(), 'tocsin-pg-'))
  await chmod(base, 0o755)
  const isRoot = process.getuid?.() === 0
  const cluster = await startPostgres({
    base,
    socketFolder: join(base, 's'),
    ...(isRoot ? { owner: postgresOwner } : {}),
    say: () => undefined,
  })
  return {
    url: cluster.url,
    stop: async () => {
      await cluster.stop()
      await rm(base, { recursive: true, force: true })
    },
  }
}
