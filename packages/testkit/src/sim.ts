import { parseArgs } from 'node:util'
import { call } from '@tocsin/api'
import { createEnrolmentToken } from '@tocsin/api/v1/access.ts'
import { FakeAgent } from './fake-agent.ts'

/** `tocsin-sim --agents N [--url http://127.0.0.1:8080]`: so many endpoints on one server, until it is interrupted. */
const { values } = parseArgs({
  options: {
    agents: { type: 'string', default: '10' },
    url: { type: 'string', default: 'http://127.0.0.1:8080' },
  },
})
const connection = {
  baseUrl: values.url,
  token: process.env.TOCSIN_API_TOKEN ?? '',
  fetch: (url: string, init: RequestInit) => fetch(url, init),
}
const wanted = Number(values.agents)
const agents: FakeAgent[] = []
const startedAt = Date.now()
while (agents.length < wanted) {
  const { token, caPin, uplink } = await call(connection, createEnrolmentToken)
  agents.push(
    await FakeAgent.start({ server: uplink, token, caPin, computerName: `sim-${agents.length + 1}` }),
  )
  if (agents.length % 100 === 0) console.log(`${agents.length} enrolled`)
}
const welcome = () => agents.filter(({ isWelcome }) => isWelcome).length
while (welcome() < wanted) await new Promise((resolve) => setTimeout(resolve, 50))
console.log(`${wanted} agents are connected (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`)
process.on('SIGINT', async () => {
  await Promise.all(agents.map((agent) => agent.stop()))
  process.exit(0)
})
