import { Counter, Gauge, type Registry } from 'prom-client'

/** What the listener's thread counts; read by the main thread for `/metrics`. */
export interface UplinkCounters {
  connected: number
  handshakeFailures: number
  enrolled: number
  objects: number
  findings: number
  raised: number
  /** Findings of programs that this server never made. */
  foreign: number
  /** Findings and parts of answers that could not be stored. */
  dropped: number
  /** Parts of answers to questions. */
  answers: number
  /** Distinct rows of them, as they were counted. */
  answerRows: number
  /** Connections that the server ended, by code. */
  readonly ended: Record<string, number>
  /** Messages by kind. */
  readonly messages: Record<string, number>
}

export function newCounters(): UplinkCounters {
  return {
    connected: 0,
    handshakeFailures: 0,
    enrolled: 0,
    objects: 0,
    findings: 0,
    raised: 0,
    foreign: 0,
    dropped: 0,
    answers: 0,
    answerRows: 0,
    ended: {},
    messages: {},
  }
}

export function countIn(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1
}

const totals = {
  handshakeFailures: 'TLS handshakes and upgrades that failed',
  enrolled: 'Endpoints enrolled',
  objects: 'Objects fetched by endpoints',
  findings: 'Findings received',
  raised: 'Alerts raised',
  foreign: 'Findings of programs that this server never made',
  dropped: 'Findings and parts of answers that could not be stored',
  answers: 'Parts of answers to questions received',
  answerRows: 'Rows of answers counted, equal ones of one transaction once',
} as const

/** Shows the listener's counters in the registry of the main thread, asked for when somebody reads them. */
export function registerMetrics(registry: Registry, read: () => Promise<UplinkCounters>): void {
  const registers = [registry]
  let last: Promise<UplinkCounters> = Promise.resolve(newCounters())
  new Gauge({
    name: 'tocsin_uplink_connected_endpoints',
    help: 'Endpoints connected to this server',
    registers,
    async collect() {
      last = read().catch(() => last)
      this.set((await last).connected)
    },
  })
  for (const [name, help] of Object.entries(totals) as [keyof typeof totals, string][]) {
    new Counter({
      name: `tocsin_uplink_${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}_total`,
      help,
      registers,
      async collect() {
        const counters = await last
        this.reset()
        this.inc(counters[name])
      },
    })
  }
  for (const [name, label] of [
    ['messages', 'kind'],
    ['ended', 'code'],
  ] as const) {
    new Counter({
      name: `tocsin_uplink_${name}_total`,
      help: name === 'messages' ? 'Messages from endpoints' : 'Connections that the server ended',
      labelNames: [label],
      registers,
      async collect() {
        const counters = await last
        this.reset()
        for (const [value, count] of Object.entries(counters[name])) this.inc({ [label]: value }, count)
      },
    })
  }
}
