import { createHash } from 'node:crypto'
import scalar from '@scalar/fastify-api-reference'
import type { FastifyInstance } from 'fastify'

/** Serves the interactive API reference at `/`; script, styles and description come from here, and it may call nowhere else. */
export async function serveReferencePage(app: FastifyInstance): Promise<void> {
  await app.register(async (scope) => {
    scope.addHook('onSend', async (request, reply, payload) => {
      if (request.routeOptions.url === '/' && typeof payload === 'string')
        reply.header('content-security-policy', policyOf(payload))
    })
    await scope.register(scalar, { routePrefix: '/', configuration })
  })
}

const configuration = {
  url: '/api/v1/openapi.json',
  pageTitle: 'Tocsin API',
  withDefaultFonts: false,
  hideClientButton: true,
  telemetry: false,
  showDeveloperTools: 'never',
  proxyUrl: '',
  agent: { disabled: true },
  mcp: { disabled: true },
} as const

/** Only the page's own inline scripts run, named by their hashes. Its styles are made by its script. */
function policyOf(page: string): string {
  const scripts = [...page.matchAll(/<script type="text\/javascript">([\s\S]*?)<\/script>/g)].map(
    ([, text]) => {
      const digest = createHash('sha256')
        .update(text ?? '')
        .digest('base64')
      return `'sha256-${digest}'`
    },
  )
  return [
    "default-src 'none'",
    `script-src 'self' ${scripts.join(' ')}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}
