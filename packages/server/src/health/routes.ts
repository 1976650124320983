import { health } from '@tocsin/api/v1/health.ts'
import { jsonReply } from '../http/reply.ts'
import { type Route, route } from '../http/serve.ts'
import { healthOf } from './health.ts'

export const routes: readonly Route[] = [
  route(health, async ({ context }) => {
    const seen = await healthOf(context)
    return jsonReply(seen.status === 'down' ? 503 : 200, seen)
  }),
]
