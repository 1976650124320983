import { routes as access } from './access/index.ts'
import { routes as alerts } from './alerts/index.ts'
import { routes as audit } from './audit/index.ts'
import { routes as backtests } from './backtests/index.ts'
import { routes as deployments } from './deployments/index.ts'
import { routes as endpoints } from './endpoints/index.ts'
import { routes as health } from './health/index.ts'
import type { Route } from './http/serve.ts'
import { routes as intel } from './intel/index.ts'
import { routes as profiles } from './profiles/index.ts'
import { routes as questions } from './questions/index.ts'
import { routes as reference } from './reference/index.ts'
import { routes as scans } from './scans/index.ts'
import { routes as settings } from './settings/index.ts'
import { routes as tanium } from './tanium/index.ts'
import { routes as tasks } from './tasks/index.ts'

const features: readonly Route[] = [
  ...health,
  ...access,
  ...audit,
  ...settings,
  ...profiles,
  ...tasks,
  ...intel,
  ...deployments,
  ...endpoints,
  ...alerts,
  ...scans,
  ...backtests,
  ...questions,
  ...tanium,
]

/** Everything that the server answers. */
export const allRoutes: readonly Route[] = [
  ...features,
  ...reference(features.map(({ contract }) => contract)),
]
