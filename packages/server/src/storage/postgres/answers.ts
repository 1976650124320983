import pg from 'pg'
import { pause } from './processes.ts'
import { StartFailure } from './start-failure.ts'

const patienceMs = 60_000
/** It lives and says so, but recovers from a crash: that takes what it takes. */
const isStartingUp = '57P03'
const isWrongPassword = '28P01'

/** Whether PostgreSQL accepts connections, before it dies or patience ends. */
export async function checkAnswers(url: string, isAlive: () => Promise<boolean>): Promise<boolean> {
  let end = Date.now() + patienceMs
  while (Date.now() < end && (await isAlive())) {
    const code = await refusalOf(url)
    if (code === null) return true
    if (code === isWrongPassword) throw new StartFailure('PostgreSQL refuses the password kept for it.')
    if (code === isStartingUp) end = Date.now() + patienceMs
    await pause(40)
  }
  return false
}

async function refusalOf(url: string): Promise<string | null> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return null
  } catch (error) {
    return (error as { readonly code?: string }).code ?? 'unknown'
  } finally {
    await client.end().catch(() => undefined)
  }
}
