import { setTimeout as pause } from 'node:timers/promises'
import { contract } from '@tocsin/api'
import { startTestServer } from '@tocsin/testkit/server.ts'
import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { buildApp } from './app.ts'
import { route } from './serve.ts'

test('a request under way is answered before the server closes, a new one is not taken', async () => {
  const server = await startTestServer([])
  const begun = Promise.withResolvers<void>()
  const slow = contract({
    method: 'GET',
    path: '/api/v1/slow',
    summary: 'Slow',
    tag: 'Test',
    may: 'anyone',
    answer: z.object({}),
  })
  const routes = [
    route(slow, async () => {
      begun.resolve()
      await pause(300)
      return {}
    }),
  ]
  const context = { ...server.context, metrics: new Registry() }
  const app = await buildApp(context, routes, { hosts: [] })
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  const answer = fetch(`${address}/api/v1/slow`)
  await begun.promise
  const closed = app.close()
  expect((await answer).status).toBe(200)
  await closed
  await expect(fetch(`${address}/api/v1/slow`)).rejects.toThrow()
  await server.stop()
})
