import type { Route } from '../http/serve.ts'
import { alertRoutes } from './alert-routes.ts'
import { intelRoutes } from './intel-routes.ts'
import { operationRoutes } from './operation-routes.ts'
import { platformRoutes } from './platform-routes.ts'

/** Tanium's API as a translation: its shapes become calls of our features, and back. */
export const routes: readonly Route[] = [
  ...platformRoutes,
  ...intelRoutes,
  ...operationRoutes,
  ...alertRoutes,
]
