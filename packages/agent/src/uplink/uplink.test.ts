import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { digestOfBytes } from '@tocsin/model'
import type { FromServer } from '@tocsin/protocol'
import { until } from '@tocsin/testkit/until.ts'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { enrol } from '../enrolment/identity.ts'
import type { Identity } from '../enrolment/kept-identity.ts'
import { stderrLog } from '../log.ts'
import { Outbox } from '../outbox/outbox.ts'
import { Sender } from '../outbox/sender.ts'
import { findingOf } from '../testdata/findings.ts'
import { LocalServer } from '../testdata/local-server.ts'
import { Assured } from './assured.ts'
import { ObjectFetcher } from './objects.ts'
import { pauseOf, type Unsent, Uplink } from './uplink.ts'

let folder = ''
let server: LocalServer
let identity: Identity
let uplink: Uplink | undefined
let heard: FromServer[] = []
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-uplink-'))
  server = await LocalServer.start()
  identity = await enrol(folder, { server: server.url, token: 'a token of enough length', caPin: server.pin })
})
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(() => {
  server.heard.length = 0
  heard = []
})
afterEach(() => uplink?.close())

const hello: Unsent = {
  kind: 'hello',
  agent: '0.1.0',
  contracts: [1],
  host: { computerName: 'here', addresses: [], os: 'Linux', kernel: '6', bits: 64 },
  capability: {
    platform: 'linux',
    contracts: [1],
    privileged: false,
    events: {},
    state: {},
    historySince: null,
    yara: [],
    why: {},
  },
  revision: 3,
  keyId: '',
}

function connect(onOpen: () => void = () => undefined, as = identity): Uplink {
  uplink = new Uplink({
    server: server.url,
    identity: as,
    log: stderrLog('silent'),
    hello: () => hello,
    onOpen,
    onMessage: (message) => heard.push(message),
  })
  return uplink
}

test('every connection begins with hello, and messages are numbered from 1', async () => {
  const line = connect()
  await until('hello', async () => server.of('hello').length === 1, 5_000)
  expect(line.send({ kind: 'health', counters: { rss: 1 } })).toBe(2)
  await until('health', async () => server.of('health').length === 1, 5_000)
  expect(server.heard.map(({ kind, n }) => [kind, n])).toEqual([
    ['hello', 1],
    ['health', 2],
  ])
})

test('a lost connection is made again within two seconds', async () => {
  const line = connect()
  await until('hello', async () => server.of('hello').length === 1, 5_000)
  server.drop()
  await until('it is lost', async () => !line.isOpen, 5_000)
  expect(line.send({ kind: 'health', counters: {} })).toBeUndefined()
  const began = Date.now()
  await until('hello again', async () => server.of('hello').length === 2, 5_000)
  expect(Date.now() - began).toBeLessThan(2_000)
  expect(line.connections).toBe(2)
})

test('the server comes back on its port and is found', async () => {
  connect()
  await until('hello', async () => server.of('hello').length === 1, 5_000)
  server = await server.again()
  await until('hello to the new one', async () => server.of('hello').length === 1, 10_000)
})

test('a long message goes in frames and comes whole', async () => {
  const line = connect()
  await until('hello', async () => server.of('hello').length === 1, 5_000)
  const why = Object.fromEntries(Array.from({ length: 90 }, (_, at) => [`part ${at}`, 'ü'.repeat(900)]))
  const capability = { ...(hello.kind === 'hello' ? hello.capability : {}), why }
  line.send({ kind: 'capability', capability } as Unsent)
  await until('capability', async () => server.of('capability').length === 1, 5_000)
  expect(server.of('capability')[0]?.capability.why).toEqual(why)
})

test('what breaks the protocol ends the connection, not the agent', async () => {
  const line = connect()
  await until('hello', async () => server.of('hello').length === 1, 5_000)
  for (const [count, text] of ['no json', '{"kind":"unknown","n":1}', `"${'x'.repeat(20_000)}"`].entries()) {
    server.sendRaw(text)
    await until('a new connection', async () => line.connections === count + 2 && line.isOpen, 10_000)
  }
  server.send({ kind: 'accepted', of: 1 })
  await until('a good message', async () => heard.length === 1, 5_000)
})

test('a server of another authority gets no hello', async () => {
  const other = await LocalServer.start()
  connect(undefined, { ...identity, authority: other.authorityPem })
  await new Promise((resolve) => setTimeout(resolve, 500))
  expect(server.heard).toEqual([])
  await other.stop()
})

test('findings and blind intervals are sent again until they are accepted', async () => {
  const stateDir = mkdtempSync(join(folder, 'outbox-'))
  const box = new Outbox({ stateDir, onBlind: () => undefined, now: () => 1_800_000_000_000_000 })
  box.add(findingOf('a'))
  box.addBlind({ from: 1, to: 2, object: 'file', count: 3, reason: 'overflow' })
  const sender = new Sender(box, () => line)
  const line = connect(() => sender.reset())
  await until(
    'both',
    async () => server.of('findings').length === 1 && server.of('blind').length === 1,
    5_000,
  )
  box.add(findingOf('b'))
  sender.send()
  server.drop()
  await until('both again', async () => server.of('findings').length === 2, 5_000)
  expect(server.of('findings')[1]?.items.map(({ finding }) => finding.subject)).toEqual(['a', 'b'])
  for (const { n } of [...server.of('findings').slice(1), ...server.of('blind').slice(1)]) sender.accepted(n)
  expect([box.size(), box.nextBlind(10)]).toEqual([0, []])
  box.close()
})

test('what is assured is sent again on each connection, the newest of a name', async () => {
  const assured = new Assured(() => line)
  const line = connect(() => assured.reset())
  assured.put('activated', { kind: 'activated', revision: 1, refused: [] })
  assured.put('activated', { kind: 'activated', revision: 2, refused: [] })
  await until('it', async () => server.of('activated').length === 1, 5_000)
  server.drop()
  await until('it again', async () => server.of('activated').length === 2, 5_000)
  expect(server.of('activated').map(({ revision }) => revision)).toEqual([2, 2])
  expect(assured.holds('activated')).toBe(true)
  assured.accepted(server.of('activated')[1]?.n ?? 0)
  expect(assured.holds('activated')).toBe(false)
})

test('pauses are 0.2 to 1 s at first, then anywhere in a span that doubles up to a minute', () => {
  expect([pauseOf(1, 0), pauseOf(3, 1)]).toEqual([200, 1_000])
  expect([pauseOf(4, 0), pauseOf(4, 1), pauseOf(6, 1), pauseOf(60, 1)]).toEqual([1_000, 2_000, 8_000, 60_000])
  expect(pauseOf(60, 0.5)).toBe(30_500)
})

describe('objects', () => {
  const bytes = Buffer.from('an object')
  const digest = digestOfBytes(bytes)

  test('an object comes by its digest; what is something else, or is not there, is nothing', async () => {
    const fetcher = new ObjectFetcher(server.url, identity)
    server.objects.set(digest, bytes)
    server.objects.set('f'.repeat(64), bytes)
    expect(await fetcher.fetch(digest)).toEqual(bytes)
    expect(await fetcher.fetch('f'.repeat(64))).toBeUndefined()
    expect(await fetcher.fetch('e'.repeat(64))).toBeUndefined()
    fetcher.close()
  })

  test('an object that is too large is nothing', async () => {
    const fetcher = new ObjectFetcher(server.url, identity, 5)
    server.objects.set(digest, bytes)
    expect(await fetcher.fetch(digest)).toBeUndefined()
    fetcher.close()
  })

  test('where the server is not reachable, fetching fails', async () => {
    const gone = await LocalServer.start()
    const { url } = gone
    await gone.stop()
    const fetcher = new ObjectFetcher(url, identity)
    await expect(fetcher.fetch(digest)).rejects.toThrow()
    fetcher.close()
  })
})
