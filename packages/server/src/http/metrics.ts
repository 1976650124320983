import { Counter, collectDefaultMetrics, Histogram, type Registry } from 'prom-client'

export interface HttpMetrics {
  answered(method: string, route: string, status: number, ms: number): void
  /** Counts a request under Tanium's paths that no route serves: a client wants more than there is. */
  unknownTanium(): void
}

/** Time of requests by route and status; beside them the process's own, such as the lag of its event loop. */
export function httpMetrics(registry: Registry): HttpMetrics {
  collectDefaultMetrics({ register: registry, prefix: 'tocsin_' })
  const duration = new Histogram({
    name: 'tocsin_http_request_seconds',
    help: 'Time of requests',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  })
  const unknown = new Counter({
    name: 'tocsin_tanium_unknown_routes_total',
    help: "Requests under Tanium's paths that no route serves",
    registers: [registry],
  })
  return {
    answered: (method, route, status, ms) =>
      duration.observe({ method, route, status: String(status) }, ms / 1000),
    unknownTanium: () => unknown.inc(),
  }
}
