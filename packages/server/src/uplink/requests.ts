import type { IncomingMessage, ServerResponse } from 'node:http'
import { TLSSocket } from 'node:tls'
import { enrolPath, enrolRequest, objectPath } from '@tocsin/protocol'
import type { Context } from '../context.ts'
import { enrol } from '../endpoints/index.ts'
import { Failure } from '../http/failure.ts'
import { Bucket } from './bucket.ts'
import type { UplinkCounters } from './counters.ts'
import type { Objects } from './objects.ts'
import { peerOf, turnedAway } from './peer.ts'
import type { Sessions } from './sessions.ts'

export interface RequestParts {
  readonly context: Context
  readonly counters: UplinkCounters
  readonly objects: Objects
  readonly sessions: Sessions
}

const largestBody = 16_384
const enrolments = new Bucket(600)

/** The two plain requests of the uplink port: enrolment and objects. */
export async function answerRequest(
  parts: RequestParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const path = request.url ?? ''
    if (request.method === 'POST' && path === enrolPath)
      return await answerEnrolment(parts, request, response)
    if (request.method === 'GET' && path.startsWith(objectPath)) {
      return await answerObject(parts, request, response)
    }
    refuse(response, 404, 'request.unknown-route')
  } catch (error) {
    if (error instanceof Failure) return refuse(response, error.spec.status, error.code)
    parts.context.log.error({ err: error }, 'uplink: a request failed')
    refuse(response, 500, 'server.fault')
  }
}

async function answerEnrolment(
  { context, counters }: RequestParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!enrolments.take(1)) return refuse(response, 429, 'access.too-many-tries')
  const read = enrolRequest.safeParse(jsonOf(await bodyOf(request)))
  if (!read.success) return refuse(response, 400, 'request.malformed')
  const answer = await enrol(context, read.data)
  counters.enrolled += 1
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
}

async function answerObject(
  { context, counters, objects, sessions }: RequestParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const peer = request.socket instanceof TLSSocket ? peerOf(request.socket) : null
  if (peer === null) return refuse(response, 401, 'access.no-session')
  const turning = sessions.knows(peer) ? null : await turnedAway(context.database, peer)
  if (turning !== null) return refuse(response, 403, 'access.forbidden')
  const bytes = await objects.fetch(peer.endpoint, (request.url ?? '').slice(objectPath.length))
  if (bytes === null) return refuse(response, 404, 'request.unknown-route')
  counters.objects += 1
  response
    .writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': bytes.length })
    .end(bytes)
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > largestBody) throw new Failure('request.too-large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function refuse(response: ServerResponse, status: number, code: string): void {
  if (response.headersSent) return void response.destroy()
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' })
  response.end(JSON.stringify({ code }))
}
