import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  idOfHome,
  isRoot,
  makeFolder,
  type Owner,
  postgresOwner,
  runFolder,
  StartFailure,
} from '../storage/postgres/index.ts'
import { whyNotSeparate } from './privileges.ts'

/** Uids of the server and the signer when root starts Tocsin; no users need to have them. PostgreSQL's is 64181. */
export const serverOwner: Owner = { uid: 64_182, gid: 64_182 }
export const signerOwner: Owner = { uid: 64_183, gid: 64_183 }

export interface Owners {
  readonly server: Owner
  readonly signer: Owner
}

/** Where everything lies and who runs what. */
export interface Plan {
  /** TOCSIN_HOME, a real path. */
  readonly home: string
  /** State of all processes: the home, or beneath /var/lib where other uids must reach it. */
  readonly base: string
  /** Sockets; short, a path ends at 107 bytes. */
  readonly run: string
  /** Null: everything runs as who started it. */
  readonly owners: Owners | null
  /** What the person who starts it should know. */
  readonly remarks: readonly string[]
}

/** The folder of this clone. */
export const clone = fileURLToPath(new URL('../../../..', import.meta.url)).replace(/\/$/, '')

const stateOfRoot = '/var/lib/tocsin'
const nobodyUid = 65_534

/** Decides by who starts it: as root each process has a uid of its own, otherwise all have the user's. */
export async function makePlan(home: string, hasDatabase: boolean): Promise<Plan> {
  if (!isRoot()) return { home, base: home, run: await runFolder(home, null), owners: null, remarks: [] }
  const uids = [postgresOwner.uid, serverOwner.uid, signerOwner.uid, ...(hasDatabase ? [] : [nobodyUid])]
  const why = await whyNotSeparate(uids)
  if (why !== null) return planWithoutUids(home, why, hasDatabase)
  const base = await baseOfRoot(home)
  await makeFolder(stateOfRoot, 0o755)
  await makeFolder(base, 0o755)
  const owners = { server: serverOwner, signer: signerOwner }
  return { home, base, run: await runFolder(home, serverOwner), owners, remarks: [`state lies in ${base}`] }
}

/** Where root's state of this home lies. */
export async function baseOfRoot(home: string): Promise<string> {
  return join(stateOfRoot, await idOfHome(home))
}

async function planWithoutUids(home: string, why: string, hasDatabase: boolean): Promise<Plan> {
  if (!hasDatabase) {
    throw new StartFailure(
      `Root ${why} here, and PostgreSQL does not run as root: set DATABASE_URL, or run as a user that is not root.`,
    )
  }
  const remarks = [`root ${why} here: server and signer run as root, not as users of their own`]
  return { home, base: home, run: await runFolder(home, null), owners: null, remarks }
}
