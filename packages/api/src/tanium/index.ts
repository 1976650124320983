export { type Base, detect, platformApi, taniumPrefixes, threatResponse } from './bases.ts'
export { intelOnDetect, intelOnThreatResponse } from './intel.ts'
export { credentials, operationsOnDetect, operationsOnThreatResponse, platform } from './operations.ts'
export { wireAlert, wireGroup, wireIntel, wireLabel, wireScan, wireSource, wireStatus } from './shapes.ts'
