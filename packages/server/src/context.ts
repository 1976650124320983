import type { Micros } from '@tocsin/model'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { Bus } from './bus/index.ts'
import type { Signer } from './keys/signer.ts'
import type { Database } from './storage/database.ts'

/** What every feature is given; made once in main.ts (and once in the uplink worker). */
export interface Context {
  readonly database: Database
  readonly bus: Bus
  readonly signer: Signer
  readonly metrics: Registry
  readonly log: Logger
  /** How endpoints reach this server. */
  readonly uplink: { readonly url: string; readonly caPin: string }
  now(): Micros
}
