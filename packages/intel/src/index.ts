export { compile, programDigest } from './compile.ts'
export { normalForm } from './condition/normal-form.ts'
export { type ConversionTarget, conversionTargets, convert } from './convert.ts'
export { coverage } from './coverage.ts'
export { type CodeTable, diagnosticCodes } from './diagnostic-codes.ts'
export { renderJson, renderText, spanAt } from './diagnostics.ts'
export { type Change, type DocumentDiff, diffDocuments, type TermChange } from './diff/diff.ts'
export type { Hints, IntelDocument, Reading, YaraValidator, YaraVerdict } from './document.ts'
export { readList } from './formats/list/read-list.ts'
export { mispCodes } from './formats/misp/codes.ts'
export { readMisp } from './formats/misp/read-misp.ts'
export { sigmaCodes } from './formats/sigma/codes.ts'
export { readSigma } from './formats/sigma/read-sigma.ts'
export {
  type Signal,
  type SignalCondition,
  type SignalTerm,
  signalConditions,
  termsOf,
} from './formats/signal/ast.ts'
export { signalCodes } from './formats/signal/codes.ts'
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
export { externalVariables, type YaraX, yaraValidatorOf } from './formats/yara/validator.ts'
export { claimedKind, sniffKind } from './kind.ts'
export { type LaidOut, layOut, layOutExchange } from './layout/lay-out.ts'
export { nearestWord } from './nearest-word.ts'
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
