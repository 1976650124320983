import { z } from 'zod'

const isoTime = z.iso.datetime()

/** `mitreAttack` is JSON text on Detect 3 and an object on Threat Response: clients of each need theirs. */
const techniques = z.object({ techniques: z.array(z.object({ id: z.string(), name: z.string() })) })

/** An intel document as Tanium's clients read it. */
export const wireIntel = z.looseObject({
  id: z.int(),
  type: z.string(),
  typeVersion: z.string(),
  md5: z.string(),
  blobId: z.string(),
  revisionId: z.int(),
  intrinsicId: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  size: z.int(),
  compiled: z.string().nullable(),
  isSchemaValid: z.boolean(),
  sourceId: z.int(),
  contents: z.string().optional(),
  alertCount: z.int(),
  unresolvedAlertCount: z.int(),
  labelIds: z.array(z.int()),
  suppressionRules: z.array(z.unknown()),
  mitreAttack: z.union([z.string(), techniques]).nullable(),
  platforms: z.array(z.string()).nullable(),
  createdAt: isoTime,
  updatedAt: isoTime,
})

export const wireLabel = z.object({
  id: z.int(),
  name: z.string(),
  description: z.string(),
  indicatorCount: z.int(),
  signalCount: z.int(),
  createdAt: isoTime,
  updatedAt: isoTime,
})

export const wireSource = z.object({
  id: z.int(),
  type: z.string(),
  name: z.string(),
  description: z.string(),
  enabled: z.boolean(),
  canAutoQuickScan: z.boolean(),
  indicatorCount: z.int(),
  signalCount: z.int(),
  createdAt: isoTime,
  updatedAt: isoTime,
})

export const wireAlert = z.looseObject({
  id: z.int(),
  eid: z.int().nullable(),
  guid: z.string(),
  state: z.string(),
  type: z.string(),
  priority: z.string(),
  severity: z.string(),
  /** JSON text: match, finding and whats. */
  details: z.string(),
  intelDocId: z.int(),
  intelDocRevisionId: z.int(),
  scanConfigId: z.int(),
  scanConfigRevisionId: z.int(),
  computerName: z.string(),
  computerIpAddress: z.string(),
  matchType: z.string(),
  path: z.string(),
  findingId: z.string(),
  receivedAt: isoTime,
  alertedAt: isoTime,
  createdAt: isoTime,
  updatedAt: isoTime,
})

export const wireStatus = z.object({
  createdAt: isoTime.nullable(),
  modifiedAt: isoTime.nullable(),
  currentRevision: z.int().nullable(),
  currentSize: z.int().nullable(),
  pendingRevision: z.int().nullable(),
  pendingSize: z.int().nullable(),
})

export const wireScan = z.looseObject({
  id: z.int(),
  intelDocId: z.int(),
  computerGroupId: z.int(),
  userId: z.int(),
  createdAt: isoTime,
})

export const wireGroup = z.looseObject({ id: z.int(), name: z.string() })
