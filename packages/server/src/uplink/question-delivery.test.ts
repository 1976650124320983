import { FakeAgent } from '@tocsin/testkit/fake-agent.ts'
import { startTestListener } from '@tocsin/testkit/test-listener.ts'
import { until } from '@tocsin/testkit/until.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEnrolmentToken } from '../access/index.ts'
import { administrator } from '../intel/testdata/documents.ts'
import { ask, questionReport, rowsOfQuestion } from '../questions/index.ts'
import { enrolMachine, TestAgent } from './testdata/agent.ts'

let world: Awaited<ReturnType<typeof startTestListener>>
const agents: TestAgent[] = []

beforeAll(async () => {
  world = await startTestListener()
})
afterAll(async () => {
  for (const agent of agents) agent.close()
  await world.stop()
})

async function machine() {
  const { token } = await createEnrolmentToken(world.server.context, administrator)
  const { credentials } = await enrolMachine(world.listener.port, world.ca, token)
  return { credentials, agent: await connected(credentials) }
}

async function connected(credentials: { key: string; cert: string }): Promise<TestAgent> {
  const agent = await TestAgent.connect(world.listener.port, world.ca, credentials)
  agents.push(agent)
  await agent.hello(0)
  return agent
}

const answer = (question: number, rows: unknown[], more: object = {}) => ({
  ...{
    kind: 'answer',
    question,
    index: 0,
    last: true,
    state: 'answered',
    rows,
    cut: false,
    notes: [],
    took: 3,
  },
  ...more,
})

test('endpoints are asked at once, counted as they answer, and asked again when they come back', async () => {
  const [one, other] = [await machine(), await machine()]
  const options = { text: 'Get Computer Name and Uptime having Uptime > 1 d', expireSeconds: 600 }
  const { id, question } = await ask(world.server.context, administrator, options)
  expect(await one.agent.next('ask')).toMatchObject({ question: id, asked: question, mostRows: 5_000 })
  expect(await other.agent.next('ask')).toMatchObject({ question: id })
  await one.agent.accepted(one.agent.send(answer(id, [['web-1', 90_000, 5]], { last: false })))
  other.agent.close()
  const again = await connected(other.credentials)
  expect(await again.next('ask')).toMatchObject({ question: id })
  await again.accepted(again.send(answer(id, [['web-1', 90_000, 5]])))
  await one.agent.accepted(one.agent.send(answer(id, [], { index: 1 })))
  expect(await questionReport(world.server.context, id)).toMatchObject({
    state: 'done',
    tested: 2,
    passed: 2,
  })
  const rows = await rowsOfQuestion(world.server.context.database, id, { limit: 10, offset: 0 })
  expect(rows).toEqual([{ cells: ['web-1', 90_000, 5], count: 2 }])
  expect(world.listener.counters).toMatchObject({ answers: 3 })
})

test('an endpoint that enrols later answers a saved question', async () => {
  const options = { text: 'Get Uptime', save: 'kept', expireSeconds: 600 }
  const { id } = await ask(world.server.context, administrator, options)
  const late = await machine()
  expect(await late.agent.next('ask')).toMatchObject({ question: id })
})

test('what is no answer ends the connection, and no other one', async () => {
  const [bad, good] = [await machine(), await machine()]
  const { id } = await ask(world.server.context, administrator, { text: 'Get Uptime', expireSeconds: 600 })
  await good.agent.next('ask')
  bad.agent.send(answer(id, [[{ nonsense: true }]]))
  expect(await bad.agent.next('bye')).toMatchObject({ code: 'malformed' })
  bad.agent.close()
  await good.agent.accepted(good.agent.send(answer(id, [[1, 2]])))
  await until('it is counted', async () => (await questionReport(world.server.context, id)).passed === 1)
})

test('simulated endpoints answer as their filter says, and equal rows of them are one with its count', async () => {
  const fakes: FakeAgent[] = []
  for (const computerName of ['sim-1', 'sim-2', 'sim-3']) {
    const { token } = await createEnrolmentToken(world.server.context, administrator)
    const uplink = `wss://127.0.0.1:${world.listener.port}`
    fakes.push(await FakeAgent.start({ server: uplink, token, caPin: world.caPin, computerName }))
  }
  await until('they are connected', async () => fakes.every(({ isWelcome }) => isWelcome))
  const text =
    'Get Running Processes starts with program-1 from all machines with not Computer Name equals sim-3'
  const { id } = await ask(world.server.context, administrator, { text, expireSeconds: 600 })
  await until('they have answered', async () => (await questionReport(world.server.context, id)).tested >= 3)
  const report = await questionReport(world.server.context, id)
  expect(report.states).toMatchObject({ answered: 2, 'not meant': 1 })
  const rows = await rowsOfQuestion(world.server.context.database, id, { limit: 100, offset: 0 })
  expect(rows).toHaveLength(11)
  expect(rows.every(({ count }) => count === 2)).toBe(true)
  await Promise.all(fakes.map((fake) => fake.stop()))
})
