import { createHash } from 'node:crypto'
import { realpath } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeFolder, makeParents, type Owner, postgresOwner } from '../storage/postgres/index.ts'

/** Uids of the server and the signer when root starts Tocsin; no users need to have them. */
export const serverOwner: Owner = { uid: 64_182, gid: 64_182 }
export const signerOwner: Owner = { uid: 64_183, gid: 64_183 }

/** Where everything lies and who runs what. */
export interface Plan {
  /** TOCSIN_HOME. */
  readonly home: string
  /** State of database, server and signer: the home, or beneath /var/lib where other uids must reach it. */
  readonly base: string
  /** Sockets; short, a path ends at 107 bytes. */
  readonly run: string
  readonly owners: { readonly postgres: Owner; readonly server: Owner; readonly signer: Owner } | null
}

const clone = fileURLToPath(new URL('../../../..', import.meta.url))

export { clone }

/** Decides by who starts it: as root each part has a uid of its own, otherwise all have the user's. */
export async function makePlan(homeWanted: string): Promise<Plan> {
  await makeParents(homeWanted)
  await makeFolder(homeWanted, 0o700)
  const home = await realpath(homeWanted)
  const id = createHash('sha256').update(home).digest('hex').slice(0, 12)
  if (process.getuid?.() !== 0) {
    const run = join(process.env.XDG_RUNTIME_DIR ?? tmpdir(), `tocsin-${id}`)
    await makeFolder(run, 0o700)
    return { home, base: home, run, owners: null }
  }
  const base = `/var/lib/tocsin/${id}`
  const run = `/run/tocsin-${id}`
  await makeFolder('/var/lib/tocsin', 0o755)
  await makeFolder(base, 0o755)
  await makeFolder(run, 0o755)
  return { home, base, run, owners: { postgres: postgresOwner, server: serverOwner, signer: signerOwner } }
}
