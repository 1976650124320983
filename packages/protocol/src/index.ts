export { agentVariables } from './agent-variables.ts'
export {
  type EnrolAnswer,
  type EnrolRequest,
  enrolAnswer,
  enrolPath,
  enrolRequest,
  objectLimit,
  objectPath,
  uplinkPath,
} from './enrolment.ts'
export { type FrameFault, FrameJoiner, frameLimit, framesOf, messageLimit } from './frames.ts'
export { type ManifestCheck, type ManifestRefusal, manifestSchema, verifyManifest } from './manifest.ts'
export {
  type BacktestSample,
  backtestReasons,
  backtestSample,
  type FromAgent,
  type FromServer,
  findingSchema,
  fromAgent,
  fromServer,
  type HostFacts,
} from './messages.ts'
export { isSignedBy, keyIdOf, publicKeyOf, sign } from './signatures.ts'
