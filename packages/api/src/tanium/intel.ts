import { z } from 'zod'
import { onDetect, onThreatResponse } from './bases.ts'
import { wireIntel, wireLabel, wireSource } from './shapes.ts'

const byId = z.object({ id: z.coerce.number().int().positive() })
const labelled = z.object({
  id: z.coerce.number().int().positive(),
  labelId: z.coerce.number().int().positive(),
})
/** A label's id comes as a number or as text. */
const labelChoice = z.looseObject({ id: z.coerce.number().int().positive() })
const nothing = z.unknown()

/** Described once, served on both bases. */
const list = {
  method: 'GET',
  path: '/intels',
  summary: 'List intel documents',
  may: 'intel.read',
  answer: z.array(wireIntel),
} as const
const one = {
  method: 'GET',
  path: '/intels/:id',
  summary: 'One intel document',
  may: 'intel.read',
  params: byId,
  answer: wireIntel,
} as const
const create = {
  method: 'POST',
  path: '/intels',
  summary: 'Upload an intel document, raw',
  may: 'intel.write',
  raw: true,
  answer: wireIntel,
} as const
const createInSource = {
  ...create,
  path: '/sources/:id/intels',
  params: byId,
  summary: 'Upload into a source',
} as const
const revise = {
  method: 'PUT',
  path: '/intels/:id',
  summary: 'Revise an intel document, raw',
  may: 'intel.write',
  raw: true,
  params: byId,
  answer: wireIntel,
} as const
const removeMany = {
  method: 'DELETE',
  path: '/intels',
  summary: 'Delete intel documents by ?id=',
  may: 'intel.write',
  answer: nothing,
} as const
const removeOne = {
  method: 'DELETE',
  path: '/intels/:id',
  summary: 'Delete one intel document',
  may: 'intel.write',
  params: byId,
  answer: nothing,
} as const
const labelsOf = {
  method: 'GET',
  path: '/intels/:id/labels',
  summary: "A document's labels",
  may: 'intel.read',
  params: byId,
  answer: z.array(wireLabel),
} as const
const putLabel = {
  method: 'PUT',
  path: '/intels/:id/labels',
  summary: 'Label a document',
  may: 'intel.write',
  params: byId,
  body: labelChoice,
  answer: z.array(wireLabel),
} as const
const dropLabel = {
  method: 'DELETE',
  path: '/intels/:id/labels/:labelId',
  summary: 'Take a label off',
  may: 'intel.write',
  params: labelled,
  answer: z.array(wireLabel),
} as const
const labels = {
  method: 'GET',
  path: '/labels',
  summary: 'List labels',
  may: 'intel.read',
  answer: z.array(wireLabel),
} as const
const label = {
  method: 'GET',
  path: '/labels/:id',
  summary: 'One label',
  may: 'intel.read',
  params: byId,
  answer: wireLabel,
} as const
const labelText = z.looseObject({
  name: z.string().min(1).max(200),
  description: z.string().max(2_000).default(''),
})
const createLabel = {
  method: 'POST',
  path: '/labels',
  summary: 'Create a label',
  may: 'intel.write',
  body: labelText,
  answer: wireLabel,
} as const
const updateLabels = {
  method: 'PUT',
  path: '/labels',
  summary: 'Rename labels by ?id=',
  may: 'intel.write',
  body: labelText,
  answer: nothing,
} as const
const removeLabel = {
  method: 'DELETE',
  path: '/labels/:id',
  summary: 'Delete a label',
  may: 'intel.write',
  params: byId,
  answer: nothing,
} as const
const sources = {
  method: 'GET',
  path: '/sources',
  summary: 'List sources',
  may: 'intel.read',
  answer: z.array(wireSource),
} as const
const source = {
  method: 'GET',
  path: '/sources/:id',
  summary: 'One source',
  may: 'intel.read',
  params: byId,
  answer: wireSource,
} as const
const sourceText = z.looseObject({
  type: z.string().max(100).default('api-client'),
  name: z.string().min(1).max(200),
  description: z.string().max(2_000).default(''),
})
const createSource = {
  method: 'POST',
  path: '/sources',
  summary: 'Create a source',
  may: 'intel.write',
  body: sourceText,
  answer: wireSource,
} as const

export const intelOnThreatResponse = {
  list: onThreatResponse(list),
  one: onThreatResponse(one),
  create: onThreatResponse(create),
  createInSource: onThreatResponse(createInSource),
  revise: onThreatResponse(revise),
  removeMany: onThreatResponse(removeMany),
  removeOne: onThreatResponse(removeOne),
  labelsOf: onThreatResponse(labelsOf),
  putLabel: onThreatResponse(putLabel),
  dropLabel: onThreatResponse(dropLabel),
  labels: onThreatResponse(labels),
  label: onThreatResponse(label),
  createLabel: onThreatResponse(createLabel),
  updateLabels: onThreatResponse(updateLabels),
  removeLabel: onThreatResponse(removeLabel),
  sources: onThreatResponse(sources),
  source: onThreatResponse(source),
  createSource: onThreatResponse(createSource),
}

export const intelOnDetect = {
  list: onDetect(list),
  one: onDetect(one),
  create: onDetect(create),
  createInSource: onDetect(createInSource),
  revise: onDetect(revise),
  removeMany: onDetect(removeMany),
  removeOne: onDetect(removeOne),
  labelsOf: onDetect(labelsOf),
  putLabel: onDetect(putLabel),
  dropLabel: onDetect(dropLabel),
  labels: onDetect(labels),
  label: onDetect(label),
  createLabel: onDetect(createLabel),
  updateLabels: onDetect(updateLabels),
  removeLabel: onDetect(removeLabel),
  sources: onDetect(sources),
  source: onDetect(source),
  createSource: onDetect(createSource),
}
