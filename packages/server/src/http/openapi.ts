import type { Contract } from '@tocsin/api'
import { z } from 'zod'
import { type FailureSpec, failures } from './failures.ts'

type Json = Readonly<Record<string, unknown>>

const always = ['request.malformed', 'access.no-session', 'access.forbidden', 'server.fault'] as const

/** OpenAPI 3.1 of a list of contracts. */
export function openApiOf(contracts: readonly Contract[]): Json {
  const paths: Record<string, Record<string, Json>> = {}
  for (const contract of contracts) {
    const path = contract.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [contract.method.toLowerCase()]: operationOf(contract) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tocsin',
      version: '0.1.0',
      description:
        "Threat response: intel in, alerts out. Put a session or an API token in the `session` header. Below our own API stand Tanium's paths, for clients that exist.",
    },
    paths,
    'x-tagGroups': tagGroups(contracts),
    components: { securitySchemes: { session: { type: 'apiKey', in: 'header', name: 'session' } } },
    security: [{ session: [] }],
  }
}

/** Our own API first; Tanium's tags, which begin with its name, in a group of their own. */
function tagGroups(contracts: readonly Contract[]): readonly Json[] {
  const tags = [...new Set(contracts.map(({ tag }) => tag))]
  const isTanium = (tag: string) => tag.startsWith('Tanium')
  return [
    { name: 'Tocsin', tags: tags.filter((tag) => !isTanium(tag)) },
    { name: 'Tanium', tags: tags.filter(isTanium) },
  ]
}

function operationOf(contract: Contract): Json {
  return {
    summary: contract.summary,
    tags: [contract.tag],
    ...(contract.may === 'anyone' ? { security: [] } : {}),
    description:
      contract.may === 'anyone' || contract.may === 'signed-in'
        ? ''
        : `Needs the permission \`${contract.may}\`.`,
    parameters: [...parametersOf(contract.params, 'path'), ...parametersOf(contract.query, 'query')],
    ...bodyOf(contract),
    responses: {
      [String(contract.status ?? 200)]: {
        description: 'Done',
        content: json(schemaOf(contract.answer, 'output')),
      },
      ...failuresOf(contract),
    },
  }
}

function parametersOf(schema: z.ZodType | undefined, place: 'path' | 'query'): readonly Json[] {
  if (schema === undefined) return []
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: Readonly<Record<string, Json>>
    required?: readonly string[]
  }
  return Object.entries(properties).map(([name, of]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: of,
  }))
}

function bodyOf(contract: Contract): Json {
  if (contract.raw === true && contract.method !== 'GET') {
    const bytes = { schema: { type: 'string' } }
    return {
      requestBody: {
        content: { 'application/octet-stream': bytes, 'application/xml': bytes, 'text/plain': bytes },
      },
    }
  }
  if (contract.body === undefined) return {}
  return { requestBody: { required: true, content: json(schemaOf(contract.body, 'input')) } }
}

function failuresOf(contract: Contract): Json {
  const table: Readonly<Record<string, FailureSpec>> = failures
  const byStatus = new Map<number, string[]>()
  for (const code of [...always, ...(contract.failures ?? [])]) {
    const spec = table[code]
    if (spec !== undefined)
      byStatus.set(spec.status, [...(byStatus.get(spec.status) ?? []), `\`${code}\`: ${spec.text}`])
  }
  return Object.fromEntries(
    [...byStatus].map(([status, texts]) => [String(status), { description: texts.join('\n\n') }]),
  )
}

function json(schema: unknown): Json {
  return { 'application/json': { schema } }
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): unknown {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return rest
}
