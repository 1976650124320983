import { z } from 'zod'
import { contract } from '../contract.ts'
import {
  byId,
  coverageShape,
  coverageSummary,
  diagnostic,
  digest,
  isoTime,
  kind,
  many,
  origins,
  page,
  reachCounts,
} from './shapes.ts'

const tag = 'Intel'

export const intelDocument = z.object({
  id: z.int(),
  source: z.int(),
  kind,
  typeVersion: z.string(),
  intrinsicId: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  platforms: z.array(z.string()),
  techniques: z.array(z.object({ id: z.string(), name: z.string() })),
  md5: z.string(),
  size: z.int(),
  revision: z.int(),
  program: digest,
  labels: z.array(z.int()),
  createdAt: isoTime,
  updatedAt: isoTime,
  deletedAt: isoTime.nullable(),
})
const withContents = intelDocument.extend({
  contents: z.string(),
  diagnostics: z.array(diagnostic),
  /** Node path of the condition → place in the contents. */
  origins,
})
const received = z.object({
  document: intelDocument,
  /** False: the same document was there already. */
  created: z.boolean(),
  diagnostics: z.array(diagnostic),
  coverage: coverageSummary,
})

export const listIntel = contract({
  method: 'GET',
  path: '/api/v1/intel',
  summary: 'List intel documents',
  tag,
  may: 'intel.read',
  query: z.object({
    name: z.string().max(200).optional(),
    namePrefix: z.string().max(200).optional(),
    description: z.string().max(200).optional(),
    kind: many(kind),
    source: z.coerce.number().int().optional(),
    label: z.coerce.number().int().optional(),
    technique: z.string().max(20).optional(),
    ...page,
  }),
  answer: z.object({
    items: z.array(
      intelDocument.extend({
        /** Revision that the newest deployment brings; null if it brings none. */
        deployedRevision: z.int().nullable(),
        coverage: reachCounts,
      }),
    ),
    total: z.int(),
  }),
})

export const readIntelDocument = contract({
  method: 'GET',
  path: '/api/v1/intel/:id',
  summary: 'One intel document with its text; also a deleted one',
  tag,
  may: 'intel.read',
  params: byId,
  answer: withContents.extend({ coverage: coverageSummary }),
  failures: ['intel.unknown'],
})

export const readIntelSource = contract({
  method: 'GET',
  path: '/api/v1/intel/:id/source',
  summary: 'The bytes as they were uploaded',
  tag,
  may: 'intel.read',
  params: byId,
  query: z.object({ revision: z.coerce.number().int().positive().max(2_147_483_647).optional() }),
  answer: z.unknown(),
  failures: ['intel.unknown'],
})

const uploadQuery = z.object({
  fileName: z.string().max(500).optional(),
  kind: kind.optional(),
  name: z.string().max(500).optional(),
  description: z.string().max(5_000).optional(),
  platform: many(z.enum(['linux', 'windows', 'macos'])),
})

export const uploadIntel = contract({
  method: 'POST',
  path: '/api/v1/intel',
  summary: 'Upload a document as it is; the same upload again is the same document',
  tag,
  may: 'intel.write',
  raw: true,
  query: uploadQuery.extend({ source: z.coerce.number().int().positive().max(2_147_483_647).optional() }),
  answer: received,
  failures: ['intel.empty', 'intel.unreadable', 'source.unknown', 'request.too-large'],
})

export const importSignals = contract({
  method: 'POST',
  path: '/api/v1/signals/exchange',
  summary: 'Take an exchange file of signals apart: each is a document of its own, with its labels',
  tag,
  may: 'intel.write',
  raw: true,
  query: z.object({ source: z.coerce.number().int().positive().max(2_147_483_647).optional() }),
  answer: z.object({
    items: z.array(
      z.object({
        name: z.string(),
        /** Null: it was refused; its diagnostics say why. */
        document: intelDocument.nullable(),
        created: z.boolean(),
        diagnostics: z.array(diagnostic),
      }),
    ),
  }),
  failures: ['intel.no-exchange', 'source.unknown', 'request.too-large'],
})

export const exportSignals = contract({
  method: 'GET',
  path: '/api/v1/signals/exchange',
  summary: 'Signals as an exchange file: all, or those with one of these ids, or with a label',
  tag,
  may: 'intel.read',
  query: z.object({
    id: many(z.coerce.number().int().positive().max(2_147_483_647)),
    label: z.coerce.number().int().optional(),
  }),
  answer: z.unknown(),
})

export const reviseIntel = contract({
  method: 'PUT',
  path: '/api/v1/intel/:id',
  summary: 'Give a document new contents, as its next revision',
  tag,
  may: 'intel.write',
  raw: true,
  params: byId,
  query: uploadQuery,
  answer: received,
  failures: ['intel.unknown', 'intel.empty', 'intel.unreadable', 'intel.wrong-kind', 'request.too-large'],
})

export const removeIntel = contract({
  method: 'DELETE',
  path: '/api/v1/intel/:id',
  summary: 'Delete a document; alerts keep it',
  tag,
  may: 'intel.write',
  params: byId,
  answer: z.object({}),
  failures: ['intel.unknown'],
})

export const readCoverage = contract({
  method: 'GET',
  path: '/api/v1/intel/:id/coverage/:endpoint',
  summary: 'What one endpoint can evaluate of a document',
  tag,
  may: 'intel.read',
  params: byId.extend({ endpoint: z.uuid() }),
  answer: z.object({ coverage: coverageShape.nullable() }),
  failures: ['intel.unknown', 'endpoint.unknown'],
})

const labelShape = z.object({
  id: z.int(),
  name: z.string(),
  description: z.string(),
  indicatorCount: z.int(),
  signalCount: z.int(),
  createdAt: isoTime,
  updatedAt: isoTime,
})
const labelList = z.object({ items: z.array(labelShape) })
const labelText = z.object({
  name: z.string().trim().min(1).max(200),
  description: z.string().max(2_000).default(''),
})
const labelled = byId.extend({ label: z.coerce.number().int().positive().max(2_147_483_647) })

export const listLabels = contract({
  method: 'GET',
  path: '/api/v1/labels',
  summary: 'List labels',
  tag,
  may: 'intel.read',
  answer: labelList,
})

export const createLabelContract = contract({
  method: 'POST',
  path: '/api/v1/labels',
  summary: 'Create a label',
  tag,
  may: 'intel.write',
  body: labelText,
  answer: labelShape,
  status: 201,
  failures: ['label.name-taken'],
})

export const changeLabelContract = contract({
  method: 'PUT',
  path: '/api/v1/labels/:id',
  summary: 'Rename a label',
  tag,
  may: 'intel.write',
  params: byId,
  body: labelText,
  answer: labelShape,
  failures: ['label.unknown', 'label.name-taken'],
})

export const removeLabelContract = contract({
  method: 'DELETE',
  path: '/api/v1/labels/:id',
  summary: 'Delete a label; documents lose it',
  tag,
  may: 'intel.write',
  params: byId,
  answer: z.object({}),
  failures: ['label.unknown'],
})

export const putLabelContract = contract({
  method: 'PUT',
  path: '/api/v1/intel/:id/labels/:label',
  summary: 'Label a document',
  tag,
  may: 'intel.write',
  params: labelled,
  answer: labelList,
  failures: ['intel.unknown', 'label.unknown'],
})

export const dropLabelContract = contract({
  method: 'DELETE',
  path: '/api/v1/intel/:id/labels/:label',
  summary: 'Take a label off a document',
  tag,
  may: 'intel.write',
  params: labelled,
  answer: labelList,
  failures: ['intel.unknown'],
})

const sourceShape = z.object({
  id: z.int(),
  type: z.string(),
  name: z.string(),
  description: z.string(),
  enabled: z.boolean(),
  indicatorCount: z.int(),
  signalCount: z.int(),
  createdAt: isoTime,
  updatedAt: isoTime,
})

export const listSources = contract({
  method: 'GET',
  path: '/api/v1/sources',
  summary: 'List where intel comes from',
  tag,
  may: 'intel.read',
  answer: z.object({ items: z.array(sourceShape) }),
})

export const createSourceContract = contract({
  method: 'POST',
  path: '/api/v1/sources',
  summary: 'Create a source; one of the same name is given back',
  tag,
  may: 'intel.write',
  body: z.object({
    type: z.string().min(1).max(100).default('api-client'),
    name: z.string().trim().min(1).max(200),
    description: z.string().max(2_000).default(''),
  }),
  answer: sourceShape,
})
