import { z } from 'zod'
import { contract } from '../contract.ts'
import { byId } from './shapes.ts'

const tag = 'Computer groups'

const name = z.string().trim().min(1).max(200)
const body = z.object({ name, endpoints: z.array(z.uuid()).max(100_000).default([]) })
const group = z.object({
  id: z.int(),
  name: z.string(),
  /** Holds every endpoint. */
  everyone: z.boolean(),
})
const withMembers = group.extend({
  members: z.array(z.object({ id: z.uuid(), number: z.int(), computerName: z.string() })),
})

export const listGroups = contract({
  method: 'GET',
  path: '/api/v1/groups',
  summary: 'List computer groups',
  tag,
  may: 'endpoints.read',
  answer: z.object({ items: z.array(group.extend({ endpoints: z.int() })) }),
})

export const readGroup = contract({
  method: 'GET',
  path: '/api/v1/groups/:id',
  summary: 'One computer group with its endpoints',
  tag,
  may: 'endpoints.read',
  params: byId,
  answer: withMembers,
  failures: ['group.unknown'],
})

export const createGroupContract = contract({
  method: 'POST',
  path: '/api/v1/groups',
  summary: 'Create a computer group of these endpoints',
  tag,
  may: 'access.manage',
  body,
  answer: withMembers,
  status: 201,
  failures: ['group.name-taken', 'endpoint.unknown'],
})

export const changeGroupContract = contract({
  method: 'PUT',
  path: '/api/v1/groups/:id',
  summary: 'Name a computer group and its endpoints anew; they are told of their profile at once',
  tag,
  may: 'access.manage',
  params: byId,
  body,
  answer: withMembers,
  failures: ['group.unknown', 'group.name-taken', 'group.of-all', 'endpoint.unknown'],
})

export const deleteGroupContract = contract({
  method: 'DELETE',
  path: '/api/v1/groups/:id',
  summary: 'Delete a computer group that no profile is bound to; its endpoints stay',
  tag,
  may: 'access.manage',
  params: byId,
  answer: z.object({}),
  failures: ['group.unknown', 'group.of-all', 'group.in-use'],
})
