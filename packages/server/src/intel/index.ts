export { blobsOfProgram, type CompiledText, compileText } from './compile-text.ts'
export { completeCoverage, keepCoverage } from './cover.ts'
export type { DocumentFacts, DocumentWithContents, Received } from './document.ts'
export {
  type CurrentProgram,
  currentPrograms,
  type DocumentFilter,
  type DocumentSort,
  findDocuments,
  oneDocument,
  originsOfPrograms,
  type ProgramOrigin,
  sourceBytes,
} from './find.ts'
export {
  changeLabel,
  createLabel,
  dropLabel,
  type Label,
  labels,
  labelsOf,
  oneLabel,
  putLabel,
  removeLabel,
} from './labels.ts'
export { intelMetrics, registerIntelMetrics } from './metrics.ts'
export { objectBytes, saveObjects } from './objects.ts'
export { receivingCodes } from './receive.ts'
export { removeDocuments } from './remove.ts'
export { revise } from './revise.ts'
export { routes } from './routes.ts'
export { createSource, type IntelSource, intelSources, oneSource } from './sources.ts'
export { type Upload, upload } from './upload.ts'
