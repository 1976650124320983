import scalar from '@scalar/fastify-api-reference'
import type { FastifyInstance } from 'fastify'

/** Its script and styles come inline from this origin; it may call nothing else. */
const contentPolicy = [
  "default-src 'none'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "frame-ancestors 'none'",
].join('; ')

/** Serves the interactive API reference at `/`. */
export async function serveReferencePage(app: FastifyInstance): Promise<void> {
  await app.register(scalar, {
    routePrefix: '/',
    configuration: {
      url: '/api/v1/openapi.json',
      pageTitle: 'Tocsin API',
      withDefaultFonts: false,
      hideClientButton: true,
      telemetry: false,
    },
    hooks: {
      onRequest: (_request, reply, done) => {
        reply.header('content-security-policy', contentPolicy)
        done()
      },
    },
  })
}
