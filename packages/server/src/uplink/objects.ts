import type { Digest } from '@tocsin/model'
import { isForBacktest } from '../backtests/index.ts'
import type { Context } from '../context.ts'
import { deploymentOf, type StoredDeployment } from '../deployments/index.ts'
import { objectBytes } from '../intel/index.ts'

const cacheBytes = 64 << 20
const revisionsKept = 8

/** The objects that endpoints may fetch: what was announced to them or is to be back-tested, nothing else. */
export class Objects {
  private readonly context: Context
  private readonly announced = new Map<string, readonly number[]>()
  private readonly sets = new Map<number, ReadonlySet<Digest>>()
  private readonly cache = new Map<Digest, Promise<Uint8Array | null>>()
  private cached = 0

  constructor(context: Context) {
    this.context = context
  }

  /** From now on the endpoint may fetch this set; the one before stays, it may still be fetching that. */
  announce(endpoint: string, deployment: StoredDeployment): void {
    this.remember(deployment)
    const before = this.announced.get(endpoint) ?? []
    const others = before.filter((revision) => revision !== deployment.revision)
    this.announced.set(endpoint, [deployment.revision, ...others].slice(0, 2))
  }

  /** Bytes of an object, or nothing if it is not of the endpoint's sets. */
  async fetch(endpoint: string, digest: Digest): Promise<Uint8Array | null> {
    for (const revision of this.announced.get(endpoint) ?? []) {
      if ((await this.setOf(revision)).has(digest)) return this.bytesOf(digest)
    }
    const { database, now } = this.context
    return (await isForBacktest(database, { endpoint, digest, now: now() })) ? this.bytesOf(digest) : null
  }

  private async setOf(revision: number): Promise<ReadonlySet<Digest>> {
    const known = this.sets.get(revision)
    if (known !== undefined) return known
    return this.remember(await deploymentOf(this.context.database, revision))
  }

  private remember({ revision, digest, programs, blobs }: StoredDeployment): ReadonlySet<Digest> {
    const known = this.sets.get(revision)
    if (known !== undefined) return known
    const set = new Set([digest, ...programs, ...blobs])
    this.sets.set(revision, set)
    const [oldest] = this.sets.keys()
    if (this.sets.size > revisionsKept && oldest !== undefined) this.sets.delete(oldest)
    return set
  }

  /** Many endpoints fetch the same objects at once: each is read from the database once. */
  private bytesOf(digest: Digest): Promise<Uint8Array | null> {
    const known = this.cache.get(digest)
    if (known !== undefined) return known
    const reading = objectBytes(this.context.database, digest)
    this.cache.set(digest, reading)
    reading.then(
      (bytes) => this.keep(bytes?.length ?? 0),
      () => this.cache.delete(digest),
    )
    return reading
  }

  private keep(length: number): void {
    this.cached += length
    if (this.cached <= cacheBytes) return
    this.cache.clear()
    this.cached = 0
  }
}
