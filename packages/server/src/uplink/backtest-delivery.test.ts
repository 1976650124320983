import { startTestListener } from '@tocsin/testkit/test-listener.ts'
import { until } from '@tocsin/testkit/until.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEnrolmentToken } from '../access/index.ts'
import { backtestReport, cancelBacktest, requestBacktest, requestBacktestOfText } from '../backtests/index.ts'
import { upload } from '../intel/index.ts'
import { administrator, linuxCapability, signal } from '../intel/testdata/documents.ts'
import { ask, enrolMachine, TestAgent } from './testdata/agent.ts'

let world: Awaited<ReturnType<typeof startTestListener>>
const agents: TestAgent[] = []

beforeAll(async () => {
  world = await startTestListener()
})
afterAll(async () => {
  for (const agent of agents) agent.close()
  await world.stop()
})

async function endpointWithHistory() {
  const { token } = await createEnrolmentToken(world.server.context, administrator)
  const { endpoint, credentials } = await enrolMachine(world.listener.port, world.ca, token)
  const agent = await connected(credentials)
  await agent.accepted(agent.send({ kind: 'capability', capability: linuxCapability }))
  return { endpoint, credentials, agent }
}

async function connected(credentials: { key: string; cert: string }): Promise<TestAgent> {
  const agent = await TestAgent.connect(world.listener.port, world.ca, credentials)
  agents.push(agent)
  await agent.hello(0)
  return agent
}

const nothing = { message: '', reason: null, samples: [], reach: {}, blind: [], blindIntervals: 0 }
const result = (backtest: number, state: string, matches = 0) => ({
  ...{ kind: 'backtest-result', backtest, state, reached: 5, events: 9, matches, ...nothing },
})

test('an endpoint is told of a back-test, fetches the program that is not deployed, and its answer is kept', async () => {
  const { endpoint, credentials, agent } = await endpointWithHistory()
  const fetched = async (digest: string) =>
    (await ask(world.listener.port, world.ca, { path: `/uplink/objects/${digest}`, ...credentials })).status
  const { document } = await upload(world.server.context, administrator, signal('a draft'))
  expect(await fetched(document.program)).toBe(404)
  const choice = { group: 1, endpoints: [endpoint] }
  const { id } = await requestBacktest(world.server.context, administrator, {
    ...choice,
    document: document.id,
  })
  expect(await agent.next('backtest')).toMatchObject({ backtest: id, program: document.program })
  expect(await fetched(document.program)).toBe(200)
  agent.send({ kind: 'backtest-progress', backtest: id, reached: 5, events: 4, matches: 1 })
  await agent.accepted(agent.send(result(id, 'done', 3)))
  expect(await backtestReport(world.server.context, id)).toMatchObject({ state: 'done', matches: 3 })
  expect(await fetched(document.program)).toBe(404) // it was for the back-test
})

test('an endpoint that comes back is told again, and one that did not come is told nothing of others', async () => {
  const { endpoint, credentials, agent } = await endpointWithHistory()
  const bystander = await endpointWithHistory()
  const { id, program } = await requestBacktestOfText(world.server.context, administrator, {
    ...{ group: 1, endpoints: [endpoint], ...signal('of a text') },
  })
  expect(await agent.next('backtest')).toMatchObject({ backtest: id, program })
  agent.close()
  const again = await connected(credentials)
  expect(await again.next('backtest')).toMatchObject({ backtest: id })
  bystander.agent.send({ kind: 'blind', items: [] })
  await bystander.agent.next('accepted')
  expect(bystander.agent.heard.filter(({ kind }) => kind === 'backtest')).toEqual([])
  const foreign = { path: `/uplink/objects/${program}`, ...bystander.credentials }
  expect((await ask(world.listener.port, world.ca, foreign)).status).toBe(404)
  // What it says of a back-test that is not its own is dropped.
  await bystander.agent.accepted(bystander.agent.send(result(id, 'done', 7)))
  expect(await backtestReport(world.server.context, id)).toMatchObject({ state: 'running', matches: 0 })
})

test('a cancelled back-test is ended where it runs', async () => {
  const { endpoint, agent } = await endpointWithHistory()
  const { document } = await upload(world.server.context, administrator, signal('to cancel'))
  const choice = { document: document.id, group: 1, endpoints: [endpoint] }
  const { id } = await requestBacktest(world.server.context, administrator, choice)
  await agent.next('backtest')
  await cancelBacktest(world.server.context, administrator, id)
  expect(await agent.next('backtest-cancel')).toMatchObject({ backtest: id })
  await agent.accepted(agent.send(result(id, 'cancelled', 1)))
  await until('it is ended', async () => {
    const { states } = await backtestReport(world.server.context, id)
    return states.cancelled === 1
  })
})
