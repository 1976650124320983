export { cancelScan } from './cancel.ts'
export { pauseScan } from './pause.ts'
export { type ScanProgress, saveProgress, scanSent } from './progress.ts'
export { type EndpointResult, type ScanReport, scanReport } from './report.ts'
export { requestScan, type ScanRequest } from './request.ts'
export { routes } from './routes.ts'
export {
  cancelledFor,
  findScans,
  runningOn,
  type Scan,
  scanById,
  scansFor,
  scanTargets,
} from './store.ts'
