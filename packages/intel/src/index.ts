export { compile, programDigest } from './compile.ts'
export { normalForm } from './condition/normal-form.ts'
export { type ConversionTarget, conversionTargets, convert } from './convert.ts'
export { type Cost, type CostClass, costOf } from './cost.ts'
export { coverage } from './coverage.ts'
export { type CodeTable, diagnosticCodes } from './diagnostic-codes.ts'
export { renderJson, renderText, spanAt } from './diagnostics.ts'
export { type Change, type DocumentDiff, diffDocuments, type TermChange } from './diff/diff.ts'
export type { Hints, IntelDocument, Reading, YaraValidator, YaraVerdict } from './document.ts'
export { readList } from './formats/list/read-list.ts'
export { mispCodes } from './formats/misp/codes.ts'
export { readMisp } from './formats/misp/read-misp.ts'
export { type MispTypes, mispTypes } from './formats/misp/types.ts'
export {
  type Category as SigmaCategory,
  categories as sigmaCategories,
  services as sigmaServices,
} from './formats/sigma/categories.ts'
export { sigmaCodes } from './formats/sigma/codes.ts'
export { type ModifierRow, sigmaModifiers } from './formats/sigma/modifiers.ts'
export { notRecorded as sigmaNotRecorded } from './formats/sigma/not-recorded.ts'
export { readSigma } from './formats/sigma/read-sigma.ts'
export type { FieldTarget as SigmaFieldTarget } from './formats/sigma/targets.ts'
export {
  type Signal,
  type SignalCondition,
  type SignalTerm,
  signalConditions,
  termsOf,
} from './formats/signal/ast.ts'
export { signalCodes } from './formats/signal/codes.ts'
export { readExchange, writeExchange } from './formats/signal/exchange.ts'
export { lower as lowerSignal } from './formats/signal/lower.ts'
export { type ParsedSignal, parseSignal, signalLimits } from './formats/signal/parse-signal.ts'
export { printCompiled } from './formats/signal/print-compiled.ts'
export { printSignal } from './formats/signal/print-signal.ts'
export {
  platformsOf,
  type SignalProperty,
  signalObjects,
  signalProperties,
  signalProperty,
} from './formats/signal/properties.ts'
export { readSignals } from './formats/signal/read-signal.ts'
export { featureVersions, syntaxVersion } from './formats/signal/syntax-version.ts'
export { tokenize } from './formats/signal/tokenize.ts'
export { yaraCodes } from './formats/yara/codes.ts'
export { type YaraX, yaraValidatorOf } from './formats/yara/validator.ts'
export { claimedKind, sniffKind } from './kind.ts'
export { type LaidOut, layOut, layOutExchange } from './layout/lay-out.ts'
export { type Network, networkHolds, readNetwork } from './networks.ts'
export { parseDisposition } from './parse-disposition.ts'
export type { Printed, Refusal } from './print/printed.ts'
export { mostQuickAdded, type QuickAdded, quickAdd } from './quick-add.ts'
export { fullCapability, reachOfTerms, type TermReach } from './reach-of-terms.ts'
export { readIntel, sourceOf, type Tools } from './read-intel.ts'
export { readingCodes } from './reading-codes.ts'
export { type DiagnosedFile, renderSarif } from './render-sarif.ts'
export { checkDocument } from './rules/check-document.ts'
export { checkCodes } from './rules/codes.ts'
export type { Comparable } from './subsumption/comparable.ts'
export { type Example, exampleOf } from './subsumption/example.ts'
export { type Relation, relate } from './subsumption/relate.ts'
export { type Related, RelatedIndex } from './subsumption/related-index.ts'
export { type RelatedKeys, relatedKeysOf } from './subsumption/related-keys.ts'
export { relationRemark } from './subsumption/relation-remark.ts'
