export { canonicalBytes, canonicalText, digestOf, digestOfBytes } from './canonical.ts'
export {
  type Comparison,
  type Condition,
  type Content,
  childrenOf,
  type Instance,
  type NodePath,
  type Operand,
  type Same,
  type Term,
  type Verdict,
  visit,
} from './condition.ts'
export { largestCondition, oversizeOf } from './condition-size.ts'
export type {
  AgentBudget,
  Blockout,
  Deployment,
  EndpointSettings,
  Manifest,
  ManifestProfile,
  OptionalEvent,
  RecorderSettings,
  ResponseClass,
} from './deployment.ts'
export {
  budgetBounds,
  optionalEvents,
  responseClasses,
  shippedProfile,
  usualBudget,
} from './deployment.ts'
export type { Diagnostic, Span } from './diagnostic.ts'
export type { BlindInterval, Completion, ProcessFacts, ProcessKey, RecordedEvent } from './event.ts'
export {
  type Alert,
  type AlertState,
  alertStates,
  type Explanation,
  type Finding,
  type Witness,
} from './finding.ts'
export { fold } from './fold.ts'
export { editDistance, nearestWord } from './nearest-word.ts'
export { heaviestPattern, patternWeight } from './pattern-weight.ts'
export type { Capability, Coverage, Need, Program, Reach } from './program.ts'
export { requiredLiteral } from './required-literal.ts'
export { storableText } from './text.ts'
export {
  absentField,
  type Cut,
  type Digest,
  type EventObject,
  type Field,
  type Fields,
  type Kind,
  known,
  type Literal,
  type Micros,
  type ObjectKind,
  type Platform,
  unknownField,
} from './values.ts'
export { type PropertyRow, type PropertyType, vocabulary } from './vocabulary.ts'
export { globWildcards, hasForm, likeWildcards, type Wildcards } from './wildcard.ts'
export { type YaraExternals, yaraExternals } from './yara-externals.ts'
