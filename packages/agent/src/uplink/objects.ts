import { createHash } from 'node:crypto'
import { Agent, get } from 'node:https'
import type { Digest } from '@tocsin/model'
import { objectLimit, objectPath } from '@tocsin/protocol'
import type { Identity } from '../enrolment/kept-identity.ts'
import { addressOf } from './address.ts'

const patienceMs = 60_000
const tries = 4
const firstPauseMs = 250
/** Answers that are about the object and not about the moment. */
const final: ReadonlySet<number> = new Set([403, 404, 410])

/** Fetches objects by their digests over mutual TLS. */
export class ObjectFetcher {
  private readonly server: URL
  private readonly agent: Agent
  private readonly limit: number
  private isClosed = false

  constructor(server: URL, identity: Identity, limit = objectLimit) {
    this.server = server
    this.limit = limit
    this.agent = new Agent({
      keepAlive: true,
      maxSockets: 4,
      ca: identity.authority,
      cert: identity.certificate,
      key: identity.key,
      minVersion: 'TLSv1.3',
    })
  }

  /** Nothing if the server has no such object, or has something else; throws where it cannot be asked. */
  async fetch(digest: Digest): Promise<Uint8Array | undefined> {
    for (let count = 1; ; count += 1) {
      try {
        const bytes = await this.bytes(digest)
        return bytes !== undefined && sha256(bytes) === digest ? bytes : undefined
      } catch (error) {
        if (count === tries || this.isClosed) throw error
        await new Promise((resolve) => setTimeout(resolve, firstPauseMs * 2 ** count))
      }
    }
  }

  close(): void {
    this.isClosed = true
    this.agent.destroy()
  }

  private bytes(digest: Digest): Promise<Uint8Array | undefined> {
    return new Promise((resolve, reject) => {
      const call = get(
        {
          ...addressOf(this.server),
          path: `${objectPath}${digest}`,
          agent: this.agent,
          timeout: patienceMs,
        },
        (response) => {
          const chunks: Buffer[] = []
          let length = 0
          response.on('data', (chunk: Buffer) => {
            length += chunk.length
            if (length <= this.limit) chunks.push(chunk)
            else {
              response.destroy()
              resolve(undefined)
            }
          })
          response.on('error', reject)
          response.on('end', () => {
            if (response.statusCode === 200) resolve(Buffer.concat(chunks))
            else if (final.has(response.statusCode ?? 0)) resolve(undefined)
            else reject(new Error(`the object ${digest} was refused: ${response.statusCode}`))
          })
        },
      )
      call.on('error', reject)
      call.on('timeout', () => call.destroy(new Error('the server does not answer')))
    })
  }
}

function sha256(bytes: Uint8Array): Digest {
  return createHash('sha256').update(bytes).digest('hex')
}
