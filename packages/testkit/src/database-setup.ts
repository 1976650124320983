import { createServer } from 'node:http'
import { openDatabase } from '@tocsin/server/storage/database.ts'
import { migrate } from '@tocsin/server/storage/migrate.ts'
import { startTemporaryPostgres } from '@tocsin/server/storage/postgres/index.ts'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Answers with the URL of the run's one PostgreSQL, and starts it for the first who asks. */
    readonly databaseServer: string
  }
}

/** Holds every migration; each test database is a copy of it. */
export const templateName = 'tocsin_template'

/** One PostgreSQL for the whole run, started only if a test file asks for it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let starting: ReturnType<typeof startTemplate> | undefined
  const server = createServer((_, response) => {
    starting ??= startTemplate()
    starting.then(
      ({ url }) => response.end(url),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  project.provide(
    'databaseServer',
    `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`,
  )
  return async () => {
    server.close()
    await (await starting?.catch(() => undefined))?.stop()
  }
}

async function startTemplate(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const cluster = await startTemporaryPostgres()
  try {
    await makeTemplate(cluster.url)
    return cluster
  } catch (error) {
    await cluster.stop()
    throw error
  }
}

async function makeTemplate(url: string): Promise<void> {
  const server = openDatabase(url, 1)
  await server.query(`create database ${templateName}`)
  await server.close()
  const template = openDatabase(url.replace('@/tocsin?', `@/${templateName}?`), 1)
  try {
    await migrate(template)
  } finally {
    await template.close()
  }
}
