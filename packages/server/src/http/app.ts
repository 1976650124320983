import { randomUUID } from 'node:crypto'
import type { Contract } from '@tocsin/api'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { allows, authenticate, type Principal } from '../access/index.ts'
import type { Context } from '../context.ts'
import { asFailure, describeIssues } from './as-failure.ts'
import { callOf } from './call.ts'
import { Failure } from './failure.ts'
import { checkHost } from './hosts.ts'
import { bodyLimitOf, largestBody } from './limits.ts'
import { type HttpMetrics, httpMetrics } from './metrics.ts'
import { serveReferencePage } from './reference-page.ts'
import { isTaniumPath, refusalBody } from './refusal-body.ts'
import { Reply } from './reply.ts'
import type { Route } from './serve.ts'

export interface AppOptions {
  /** Host names beside the loopback's that this server answers to. */
  readonly hosts: readonly string[]
  /** PEM of key and certificate; plain http without. */
  readonly tls?: { readonly key: string; readonly cert: string }
  /** In tests an answer that is not as its contract says is a fault. */
  readonly checkAnswers?: true
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
    // Neither double slashes nor %3A are tidied up: paths of files and connection ids hold them.
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 5_000 },
    requestTimeout: 120_000,
    forceCloseConnections: 'idle',
    genReqId: () => randomUUID(),
    frameworkErrors: (error, request, reply) => refuse(context, error, request, marked(request, reply)),
    ...(options.tls === undefined ? {} : { https: options.tls }),
  }) as unknown as FastifyInstance
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body))
  app.decorateRequest('principal')
  const metrics = httpMetrics(context.metrics)
  addHooks(app, context, options, metrics)
  app.setErrorHandler((error, request, reply) => refuse(context, error, request, reply))
  app.setNotFoundHandler((request, reply) => {
    if (isTaniumPath(pathOf(request))) metrics.unknownTanium()
    return refuse(context, new Failure('request.unknown-route'), request, reply)
  })
  for (const route of routes) addRoute(app, context, route, options)
  await serveReferencePage(app)
  return app
}

function addHooks(app: FastifyInstance, context: Context, options: AppOptions, metrics: HttpMetrics): void {
  app.addHook('onRequest', async (request, reply) => {
    marked(request, reply)
    checkHost(request.headers.host, options.hosts)
  })
  let isClosing = false
  app.addHook('preClose', async () => {
    isClosing = true
  })
  app.addHook('onSend', async (_, reply) => {
    if (isClosing) reply.header('connection', 'close') // or the connection would keep the server open
  })
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none'
    const { statusCode: status, elapsedTime: ms } = reply
    metrics.answered(request.method, route, status, ms)
    context.log.info(
      { id: request.id, method: request.method, route, status, ms, user: request.principal?.user.name },
      'answered',
    )
  })
}

function addRoute(
  app: FastifyInstance,
  context: Context,
  { contract, answer }: Route,
  { checkAnswers }: AppOptions,
): void {
  app.route({
    method: contract.method,
    url: contract.path,
    bodyLimit: bodyLimitOf(contract),
    exposeHeadRoute: false,
    onRequest: async (request) => {
      request.principal = await principalFor(context, contract, request)
    },
    handler: async (request, reply) => {
      const given = await answer(await callOf(context, contract, request))
      if (checkAnswers === true && !(given instanceof Reply)) checkAnswer(contract, given)
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

function checkAnswer(contract: Contract, given: unknown): void {
  const read = contract.answer.safeParse(given)
  if (!read.success)
    throw new Error(`${contract.method} ${contract.path}: ${describeIssues(read.error, 'answer')}`)
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
    context.log.error({ err: error, id: request.id, path: pathOf(request) }, 'a request failed')
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

function marked(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return reply.headers(securityHeaders).header('x-request-id', request.id)
}

const securityHeaders = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
}
