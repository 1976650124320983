import { collectDefaultMetrics, type Metric, Registry } from 'prom-client'
import { endpointMetrics } from '../../packages/server/src/endpoints/index.ts'
import { httpMetrics } from '../../packages/server/src/http/metrics.ts'
import { registerIntelMetrics } from '../../packages/server/src/intel/metrics.ts'
import { newCounters, registerMetrics } from '../../packages/server/src/uplink/counters.ts'
import { codes, table } from './table.ts'

/** Every metric of our own, asked from the code that registers them. */
export async function metricsPage(): Promise<string> {
  const registry = new Registry()
  httpMetrics(registry)
  registerIntelMetrics(registry, async () => 0)
  endpointMetrics(registry, { query: async () => [] })
  registerMetrics(registry, async () => newCounters())
  const described = await registry.getMetricsAsJSON()
  const rows = described
    .filter(({ name }) => !ofTheProcess.has(name))
    .map(({ name, type, help }) => [
      `\`${name}\``,
      String(type),
      codes(labelsOf(registry.getSingleMetric(name))),
      help,
    ])
  return `# Metrics
\`GET /metrics\` answers in Prometheus' text format. It takes a token with the permission \`metrics.read\` in the header \`session\`:
\`tocsin token create prometheus --scope metrics.read\`.

${table(['metric', 'type', 'labels', 'meaning'], rows)}

Beside these stand the usual metrics of a Node.js process with the prefix \`tocsin_\`: CPU time, memory, open files, the lag of the event
loop and garbage collection.
`
}

/** Which ones there are depends on the platform; they are described together. */
const ofTheProcess = namesOfTheProcess()

function namesOfTheProcess(): ReadonlySet<string> {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'tocsin_' })
  return new Set(registry.getMetricsAsArray().map(({ name }) => name))
}

function labelsOf(metric: Metric | undefined): readonly string[] {
  return metric !== undefined && 'labelNames' in metric ? (metric.labelNames as readonly string[]) : []
}
