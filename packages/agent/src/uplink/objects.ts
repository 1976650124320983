import { Agent, get } from 'node:https'
import { type Digest, digestOfBytes } from '@tocsin/model'
import { objectLimit, objectPath } from '@tocsin/protocol'
import type { Identity } from '../enrolment/identity.ts'

const patienceMs = 60_000

/** Fetches an object by its digest over mutual TLS; what does not have the digest is refused. */
export class ObjectFetcher {
  private readonly server: URL
  private readonly agent: Agent

  constructor(server: URL, identity: Identity) {
    this.server = server
    this.agent = new Agent({
      keepAlive: true,
      maxSockets: 2,
      ca: identity.authority,
      cert: identity.certificate,
      key: identity.key,
      minVersion: 'TLSv1.3',
    })
  }

  async fetch(digest: Digest): Promise<Uint8Array> {
    const bytes = await this.bytes(digest)
    if (digestOfBytes(bytes) !== digest) throw new Error(`the object ${digest} is not what its name says`)
    return bytes
  }

  close(): void {
    this.agent.destroy()
  }

  private bytes(digest: Digest): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const call = get(
        {
          host: this.server.hostname,
          port: this.server.port,
          path: `${objectPath}${digest}`,
          agent: this.agent,
          timeout: patienceMs,
        },
        (response) => {
          const chunks: Buffer[] = []
          let length = 0
          response.on('data', (chunk: Buffer) => {
            length += chunk.length
            if (length > objectLimit) response.destroy(new Error(`the object ${digest} is too large`))
            else chunks.push(chunk)
          })
          response.on('error', reject)
          response.on('end', () => {
            if (response.statusCode === 200) resolve(Buffer.concat(chunks))
            else reject(new Error(`the object ${digest} was refused: ${response.statusCode}`))
          })
        },
      )
      call.on('error', reject)
      call.on('timeout', () => call.destroy(new Error('the server does not answer')))
    })
  }
}
