import type { Contract } from '@tocsin/api'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Principal } from '../access/index.ts'
import { allows, authenticate } from '../access/index.ts'
import type { Context } from '../context.ts'
import { asFailure } from './as-failure.ts'
import { Failure } from './failure.ts'
import { httpMetrics } from './metrics.ts'
import { serveReferencePage } from './reference-page.ts'
import { isTaniumPath, refusalBody } from './refusal-body.ts'
import { Reply } from './reply.ts'
import type { Call, Route } from './serve.ts'

const largestBody = 64 * 1024 * 1024

export interface AppOptions {
  /** Host names beside the loopback's that this server answers to. */
  readonly hosts: readonly string[]
  /** PEM of key and certificate; plain http without. */
  readonly tls?: { readonly key: string; readonly cert: string }
}

/** Nobody yet: routes that anyone may call. */
const anonymous: Principal = {
  user: { id: 0, name: 'anonymous' },
  via: { kind: 'session' },
  grants: [],
  scope: [],
}

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal
  }
}

/** The HTTP server over a list of routes: one check of the caller, one validation, one shape of refusals. */
export async function buildApp(
  context: Context,
  routes: readonly Route[],
  options: AppOptions,
): Promise<FastifyInstance> {
  const app = fastify({
    bodyLimit: largestBody,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 5_000 },
    forceCloseConnections: true,
    ...(options.tls === undefined ? {} : { https: options.tls }),
  }) as unknown as FastifyInstance
  const metrics = httpMetrics(context.metrics)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body))
  app.decorateRequest('principal')
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders)
    checkHost(request.headers.host ?? '', options.hosts)
  })
  app.addHook('onResponse', async (request, reply) => {
    metrics.answered(request.method, request.routeOptions.url ?? 'none', reply.statusCode, reply.elapsedTime)
  })
  app.setErrorHandler((error, request, reply) => refuse(context, error, request, reply))
  app.setNotFoundHandler((request, reply) => {
    if (isTaniumPath(pathOf(request))) metrics.unknownTanium()
    return refuse(context, new Failure('request.unknown-route'), request, reply)
  })
  for (const route of routes) addRoute(app, context, route)
  await serveReferencePage(app)
  return app
}

function addRoute(app: FastifyInstance, context: Context, { contract, answer }: Route): void {
  app.route({
    method: contract.method,
    url: contract.path,
    exposeHeadRoute: false,
    onRequest: async (request) => {
      request.principal = await principalFor(context, contract, request)
    },
    handler: async (request, reply) => {
      const given = await answer(await callOf(context, contract, request))
      return send(reply, contract, given)
    },
  })
}

/** The one place where a caller is let in. */
async function principalFor(
  context: Context,
  contract: Contract,
  request: FastifyRequest,
): Promise<Principal> {
  if (contract.may === 'anyone') return anonymous
  const session = request.headers.session
  const principal = await authenticate(context, Array.isArray(session) ? session[0] : session)
  if (contract.may !== 'signed-in' && !allows(principal, contract.may)) throw new Failure('access.forbidden')
  return principal
}

async function callOf(
  context: Context,
  contract: Contract,
  request: FastifyRequest,
): Promise<Call<Contract>> {
  const bytes = await bytesOf(contract, request)
  return {
    context,
    principal: request.principal,
    params: contract.params?.parse(request.params),
    query: contract.query?.parse(request.query),
    body: contract.body === undefined ? undefined : contract.body.parse(jsonOf(bytes)),
    raw: contract.raw === true ? bytes : new Uint8Array(),
    headers: request.headers,
  }
}

/** The body, read by hand where an old client sends one with GET. */
async function bytesOf(contract: Contract, request: FastifyRequest): Promise<Uint8Array> {
  if (request.body instanceof Uint8Array) return request.body
  if (contract.method !== 'GET' || contract.raw !== true) return new Uint8Array()
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request.raw as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > 65_536) throw new Failure('request.too-large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    throw new Failure('request.malformed', { detail: `the body is not JSON: ${String(error)}` })
  }
}

/** Bytes, so that the content type stays as it is written: one client compares it as a whole. */
function send(reply: FastifyReply, contract: Contract, given: unknown): FastifyReply {
  const answer =
    given instanceof Reply ? given : new Reply(contract.status ?? 200, 'application/json', jsonBytes(given))
  return reply
    .code(answer.status)
    .headers(answer.headers)
    .header('content-type', answer.contentType)
    .send(Buffer.from(answer.body))
}

function refuse(
  context: Context,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const failure = asFailure(error) ?? new Failure('server.fault')
  if (failure.code === 'server.fault')
    context.log.error({ err: error, path: pathOf(request) }, 'a request failed')
  return reply
    .code(failure.spec.status)
    .header('content-type', 'application/json')
    .send(jsonBytes(refusalBody(failure, pathOf(request))))
}

function jsonBytes(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value ?? {}))
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? ''
}

const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Refuses names that a page elsewhere may have pointed at this address. */
function checkHost(host: string, more: readonly string[]): void {
  const name = host.toLowerCase().replace(/:\d+$/, '')
  if (!loopbackHosts.has(name) && !more.includes(name)) throw new Failure('request.wrong-host')
}

const securityHeaders = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
}
