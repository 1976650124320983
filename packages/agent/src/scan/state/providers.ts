import { connections } from './connections.ts'
import { host } from './host.ts'
import { modules } from './modules.ts'
import { mounts } from './mount-points.ts'
import { nameCache } from './name-cache.ts'
import { neighbours } from './neighbours.ts'
import { packages } from './packages.ts'
import { persistence } from './persistence.ts'
import type { StateProvider } from './provider.ts'
import { routes } from './routes.ts'
import { services } from './services.ts'
import { tasks } from './tasks.ts'
import { users } from './users.ts'

/** All that tells objects of this machine's state, besides files and processes. */
export const stateProviders: readonly StateProvider[] = [
  ...[host, users, services, tasks, persistence, modules, mounts, packages],
  ...[connections, routes, neighbours, nameCache],
]
