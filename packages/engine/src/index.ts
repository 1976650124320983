export { evaluate, prove, type Scope } from './evaluate/evaluate.ts'
export type { ContentSeen, LeafTools, LookIntoContent } from './evaluate/leaf.ts'
export { type FindingContext, findingId, findingOf } from './finding.ts'
export {
  entryOf,
  eventInstance,
  imageKey,
  type Observed,
  type ProcessView,
  stateInstance,
  viewOf,
} from './instances.ts'
export { LiveMatcher, type LiveOptions } from './live-matcher.ts'
export { type LoadedProgram, load } from './load.ts'
export type { Match } from './match.ts'
export { blackedOut, redactorOf } from './redact.ts'
export { ProgramRefused } from './refusal.ts'
export { type ContentResults, type SawAll, ScanMatcher } from './scan-matcher.ts'
export { costlyProperties, type HashName, type Missing } from './scan-needs.ts'
export { type Verification, verifyFinding } from './verify.ts'
