import type { Contract } from '@tocsin/api'
import { metrics, openApi } from '@tocsin/api/v1/reference.ts'
import { openApiOf } from '../http/openapi.ts'
import { jsonReply, textReply } from '../http/reply.ts'
import { type Route, route } from '../http/serve.ts'

/** The API's description of itself and of its work. */
export function routes(contracts: readonly Contract[]): readonly Route[] {
  const description = openApiOf([...contracts, openApi, metrics])
  return [
    route(openApi, async () => jsonReply(200, description)),
    route(metrics, async ({ context }) =>
      textReply(await context.metrics.metrics(), context.metrics.contentType),
    ),
  ]
}
