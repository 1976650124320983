import { startTemporaryPostgres } from '@tocsin/server/storage/postgres/index.ts'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Asks the run's one PostgreSQL to be started, and says where it is. */
    readonly databaseServer: string
  }
}

/** One PostgreSQL for the whole run, started when the first test file asks for it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { createServer } = await import('node:http')
  let starting: ReturnType<typeof startTemporaryPostgres> | undefined
  const server = createServer((_, response) => {
    starting ??= startTemporaryPostgres()
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
    await (await starting)?.stop()
  }
}
