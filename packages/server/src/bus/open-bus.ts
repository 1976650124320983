import type pg from 'pg'
import type { Database } from '../storage/database.ts'
import type { Bus, Topic } from './bus.ts'

const channel = 'tocsin'
const retryMs = 500

type Hear = (payload: never) => void

/** A bus over LISTEN and NOTIFY: every server and worker of one database hears every topic. Reconnects by itself. */
export async function openBus(database: Database): Promise<Bus> {
  const hearers = new Map<Topic, Set<Hear>>()
  let isClosed = false
  let client: pg.Client | undefined
  const hear = (text: string | undefined) => {
    const { topic, payload } = JSON.parse(text ?? '{}') as { topic: Topic; payload: never }
    for (const each of hearers.get(topic) ?? []) each(payload)
  }
  const listen = async () => {
    const next = await database.connect()
    next.on('error', () => undefined)
    next.on('end', () => {
      if (!isClosed) setTimeout(relisten, retryMs)
    })
    next.on('notification', ({ payload }) => hear(payload))
    await next.query(`listen ${channel}`)
    client = next
  }
  const relisten = () => {
    if (isClosed) return
    listen().catch(() => setTimeout(relisten, retryMs))
  }
  await listen()
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
    close: async () => {
      isClosed = true
      await client?.end()
    },
  }
}
