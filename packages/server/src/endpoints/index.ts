export { changeGroup, createGroup, deleteGroup, type GroupFacts } from './change-groups.ts'
export {
  type CoverageRow,
  type CoverageSummary,
  coverageOn,
  type ProgramReach,
  reachOfPrograms,
  saveCoverage,
  silenceOf,
  summaryOf,
} from './coverage.ts'
export { enrol, plainSerial } from './enrol.ts'
export { type EndpointFilter, type EndpointSort, findEndpoints, inGroups, oneEndpoint } from './find.ts'
export { type ComputerGroup, computerGroups, groupById, groupByName } from './groups.ts'
export { endpointMetrics } from './metrics.ts'
export {
  type Arrival,
  arrive,
  type BlindRow,
  blindIntervalsOf,
  changeCapability,
  forgetConnections,
  leave,
  saveBlindIntervals,
  saveCounters,
  seen,
} from './presence.ts'
export { liveProfiles, type Profile, profileOf } from './profile.ts'
export { revoke } from './revoke.ts'
export { routes } from './routes.ts'
export { type Endpoint, endpointById, type Identity, identityOf } from './store.ts'
