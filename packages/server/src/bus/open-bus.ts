import type pg from 'pg'
import type { Database } from '../storage/database.ts'
import type { Bus, Topic } from './bus.ts'

const channel = 'tocsin'
const retryMs = 500

type Hear = (payload: never) => void

/** A bus over LISTEN and NOTIFY: every server and worker of one database hears every topic. Connects anew by itself. */
export async function openBus(database: Database): Promise<Bus> {
  const hearers = new Map<Topic, Set<Hear>>()
  const ear = new Ear(database, (text) => {
    const { topic, payload } = JSON.parse(text) as { readonly topic: Topic; readonly payload: never }
    for (const hear of hearers.get(topic) ?? []) hear(payload)
  })
  await ear.listen()
  return {
    publish: async (topic, payload) => {
      await database.query('select pg_notify($1, $2)', [channel, JSON.stringify({ topic, payload })])
    },
    subscribe: (topic, each) => {
      const known = hearers.get(topic) ?? new Set<Hear>()
      known.add(each as Hear)
      hearers.set(topic, known)
      return () => known.delete(each as Hear)
    },
    close: () => ear.close(),
  }
}

/** A connection that listens, and its successors. */
class Ear {
  private readonly database: Database
  private readonly hear: (text: string) => void
  private client: pg.Client | undefined
  private timer: NodeJS.Timeout | undefined
  private isClosed = false

  constructor(database: Database, hear: (text: string) => void) {
    this.database = database
    this.hear = hear
  }

  async listen(): Promise<void> {
    const client = await this.database.connect()
    client.on('error', () => undefined) // its end says enough
    client.on('notification', ({ payload }) => this.hear(payload ?? '{}'))
    client.once('end', () => {
      if (this.client === client) this.again()
    })
    try {
      await client.query(`listen ${channel}`)
    } catch (error) {
      await client.end().catch(() => undefined)
      throw error
    }
    this.client = client
    if (this.isClosed) await client.end()
  }

  async close(): Promise<void> {
    this.isClosed = true
    clearTimeout(this.timer)
    await this.client?.end()
  }

  private again(): void {
    if (this.isClosed) return
    this.timer = setTimeout(() => this.listen().catch(() => this.again()), retryMs)
  }
}
