import { z } from 'zod'
import { contract } from '../contract.ts'
import { anyQuery, onDetect, onPlatform, onThreatResponse } from './bases.ts'
import { wireAlert, wireGroup, wireScan, wireStatus } from './shapes.ts'

const byId = z.object({ id: z.coerce.number().int().positive() })
const nothing = z.unknown()

/** Bodies that clients get wrong (a bare string, null, ids as text) are read by hand. */
const alerts = {
  method: 'GET',
  path: '/alerts',
  summary: 'List alerts',
  may: 'alerts.read',
  answer: z.array(wireAlert),
} as const
const alert = {
  method: 'GET',
  path: '/alerts/:id',
  summary: 'One alert',
  may: 'alerts.read',
  params: byId,
  answer: wireAlert,
} as const
const changeMany = {
  method: 'PUT',
  path: '/alerts',
  summary: 'Change the state of alerts',
  may: 'alerts.triage',
  raw: true,
  answer: nothing,
} as const
const changeOne = {
  method: 'PUT',
  path: '/alerts/:id',
  summary: 'Change the state of one alert',
  may: 'alerts.triage',
  raw: true,
  params: byId,
  answer: nothing,
} as const
const scanRequest = z.looseObject({
  intelDocId: z.coerce.number().int().positive(),
  computerGroupId: z.coerce.number().int().positive(),
})
const scan = {
  method: 'POST',
  summary: 'Scan a computer group for one document now',
  may: 'scans.run',
  body: scanRequest,
  answer: wireScan,
} as const
const scans = { method: 'GET', summary: 'List scans', may: 'intel.read', answer: z.array(wireScan) } as const

export const operationsOnThreatResponse = {
  deploy: onThreatResponse({
    method: 'POST',
    path: '/intel/deploy',
    summary: 'Bring the intel to the endpoints',
    may: 'intel.deploy',
    raw: true,
    answer: z.object({ taskId: z.int() }),
  }),
  deployStatus: onThreatResponse({
    method: 'GET',
    path: '/intel/status',
    summary: 'How far the deployment is',
    may: 'intel.read',
    answer: wireStatus,
  }),
  status: onThreatResponse({
    method: 'GET',
    path: '/status',
    summary: 'Whether the service is there',
    may: 'signed-in',
    answer: nothing,
  }),
  task: onThreatResponse({
    method: 'GET',
    path: '/tasks/:id',
    summary: 'One task',
    may: 'tasks.read',
    params: byId,
    answer: nothing,
  }),
  scan: onThreatResponse({ ...scan, path: '/on-demand-scans' }),
  scans: onThreatResponse({ ...scans, path: '/on-demand-scans' }),
  alerts: onThreatResponse(alerts),
  alert: onThreatResponse(alert),
  changeMany: onThreatResponse(changeMany),
  changeOne: onThreatResponse(changeOne),
}

export const operationsOnDetect = {
  scan: onDetect({ ...scan, path: '/quick-scans' }),
  scans: onDetect({ ...scans, path: '/quick-scans' }),
  alerts: onDetect(alerts),
  alert: onDetect(alert),
  changeMany: onDetect(changeMany),
  changeOne: onDetect(changeOne),
}

/** Credentials as clients send them: `domain` may be empty or missing. */
export const credentials = z.looseObject({
  username: z.string().max(200),
  password: z.string().max(1_000),
  domain: z.string().max(200).nullish(),
})
const session = z.object({ session: z.string() })

export const platform = {
  login: onPlatform({
    method: 'POST',
    path: '/session/login',
    summary: 'Log in; the content type does not matter',
    may: 'anyone',
    raw: true,
    answer: session,
  }),
  loginByGet: onPlatform({
    method: 'GET',
    path: '/session/login',
    summary: 'Log in, as old clients do: GET with a JSON body',
    may: 'anyone',
    raw: true,
    answer: session,
  }),
  currentSession: onPlatform({
    method: 'GET',
    path: '/session/current',
    summary: 'Whose session this is',
    may: 'signed-in',
    answer: nothing,
  }),
  groupByName: onPlatform({
    method: 'GET',
    path: '/groups/by-name/:name',
    summary: 'A computer group by name',
    may: 'endpoints.read',
    params: z.object({ name: z.string().max(500) }),
    answer: wireGroup.nullable(),
  }),
  rightsGroup: onPlatform({
    method: 'GET',
    path: '/management_rights_groups/:id',
    summary: 'A management rights group by id',
    may: 'endpoints.read',
    params: byId,
    answer: wireGroup.nullable(),
  }),
  auth: contract({
    method: 'POST',
    path: '/auth',
    summary: 'Log in by HTTP Basic; the body of the answer is the session itself',
    tag: 'Tanium: platform',
    may: 'anyone',
    raw: true,
    query: anyQuery,
    answer: nothing,
  }),
}
