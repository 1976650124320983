import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '@tocsin/testkit/until.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { enrol } from '../enrolment/identity.ts'
import { stderrLog } from '../log.ts'
import { LocalServer } from '../testdata/local-server.ts'
import { made, programOf, type SignedSet, signedSet, term } from '../testdata/programs.ts'
import { ReplayAgent } from './replay-agent.ts'
import { ReplaySource } from './replay-source.ts'

let folder: string
let server: LocalServer
let agent: ReplayAgent | undefined
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-replay-'))
  server = await LocalServer.start()
})
afterEach(async () => {
  await agent?.stop()
  agent = undefined
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

const started = (count: number) =>
  Array.from({ length: count }, (_, at) =>
    JSON.stringify({
      ...{ type: 'process', at: 1_700_000_000_000_000 + at, platform: 'windows', 'process.key': `p${at}` },
      ...{ 'process.path': 'C:\\Windows\\x.exe', 'process.parent_key': 'top' },
    }),
  ).join('\n')

async function agentOn(text: string, patience: number): Promise<ReplayAgent> {
  const file = join(folder, 'events.jsonl')
  writeFileSync(file, text)
  const identity = await enrol(folder, {
    server: server.url,
    token: 'a token of enough length',
    caPin: server.pin,
  })
  agent = new ReplayAgent({
    ...{ server: server.url, stateDir: folder, identity, log: stderrLog('silent'), patience },
    source: await ReplaySource.open([file]),
  })
  return agent
}

/** As the server does: offers the set to whoever says hello, and accepts what is sent. */
function serve(set: SignedSet | undefined, accepts: readonly string[]): NodeJS.Timeout {
  for (const [digest, bytes] of set?.objects ?? []) server.objects.set(digest, bytes)
  let done = 0
  return setInterval(() => {
    for (const message of server.heard.slice(done)) {
      done += 1
      if (message.kind === 'hello' && set !== undefined)
        server.send({ kind: 'deploy', digest: set.digest, signature: set.signature })
      if (accepts.includes(message.kind)) server.send({ kind: 'accepted', of: message.n })
    }
  }, 10)
}

const named = (platforms: readonly ('windows' | 'linux')[]) =>
  made(programOf(term('process.name', 'is', 'x.exe'), { subject: 'process', platforms }))
const everything = ['activated', 'findings', 'blind']

test('what is deployed for the platform of the records is held against them, and delivered', async () => {
  const replaying = await agentOn(started(3), 20_000)
  const timer = serve(signedSet(4, [named(['windows']), named(['linux'])]), everything)
  expect(await replaying.run()).toEqual({ revision: 4, programs: 1, findings: 3, undelivered: 0 })
  clearInterval(timer)
  const [hello] = server.of('hello')
  expect(hello?.capability).toMatchObject({ platform: 'windows', state: {}, yara: [] })
  const findings = server.of('findings').flatMap(({ items }) => items.map(({ finding }) => finding))
  expect(findings.map(({ mode, chain }) => [mode, chain.length])).toEqual(
    Array.from({ length: 3 }, () => ['history', 2]),
  )
  expect(server.of('blind')).toEqual([])
})

test('of a flood the first sixty are told, and the last with how many more there were', async () => {
  const replaying = await agentOn(started(200), 20_000)
  const timer = serve(signedSet(1, [named([])]), everything)
  expect(await replaying.run()).toMatchObject({ findings: 200, undelivered: 0 })
  clearInterval(timer)
  const items = server.of('findings').flatMap((message) => message.items)
  expect(items.reduce((sum, { throttled }) => sum + 1 + throttled, 0)).toBe(200)
})

test('where nothing is deployed it says so', async () => {
  const replaying = await agentOn(started(1), 300)
  const timer = serve(undefined, everything)
  await expect(replaying.run()).rejects.toThrow('is anything deployed?')
  clearInterval(timer)
})

test('what the server does not take is counted, and waits for the next replay', async () => {
  const replaying = await agentOn(started(2), 500)
  const timer = serve(signedSet(1, [named([])]), ['activated'])
  expect(await replaying.run()).toMatchObject({ findings: 2, undelivered: 2 })
  clearInterval(timer)
  await until('the findings were sent', async () => server.of('findings').length > 0)
})

test('a question is answered with why there is no answer', async () => {
  const replaying = await agentOn(started(1), 20_000)
  const timer = serve(signedSet(1, [named([])]), everything)
  await replaying.run()
  clearInterval(timer)
  const asked = { selects: [{ sensor: 'Uptime', parameters: [], filter: null }], group: null, from: null }
  server.send({ kind: 'ask', question: 1, asked, mostRows: 1, mostBytes: 1, mostMillis: 1 })
  const [answer] = await until('it answers', async () => {
    const answers = server.of('answer')
    return answers.length > 0 && answers
  })
  expect(answer).toMatchObject({ state: 'failed', notes: ['it replays what another machine recorded'] })
})
