import { parseQuestion, type Row, toWire } from '@tocsin/questions'
import { startTestServer, type TestServer } from '@tocsin/testkit/server.ts'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { arrive } from '../endpoints/index.ts'
import { insertEndpoint } from '../endpoints/store.ts'
import { linuxCapability } from '../intel/testdata/documents.ts'
import { joinSavedQuestions, routes, saveAnswers, takeQuestionsFor, takeTargets } from './index.ts'

const one = '11111111-1111-4111-8111-111111111111'
const other = '22222222-2222-4222-8222-222222222222'
const away = '33333333-3333-4333-8333-333333333333'
let server: TestServer
beforeAll(async () => {
  server = await startTestServer(routes)
  for (const [id, name] of [
    [one, 'web-1'],
    [other, 'db-1'],
    [away, 'old-1'],
  ] as const)
    await enrol(id, name)
  await server.context.database.query('update endpoints set connected = false where uuid = $1', [away])
  await server.context.database.query("insert into computer_groups (id, name) values (7, 'Web servers')")
  await server.context.database.query('insert into computer_group_members values (7, $1)', [one])
})
afterAll(() => server.stop())
beforeEach(() => server.context.database.query('delete from questions'))

async function enrol(id: string, computerName: string): Promise<void> {
  await insertEndpoint(server.context.database, { id, serial: '1', at: 1 })
  const host = { computerName, addresses: [], os: 'Linux', kernel: '6', bits: 64 as const }
  await arrive(server.context, id, { agent: '1', host, capability: linuxCapability, revision: 0 }, 'listener')
}

const post = (body: object, token?: string) =>
  server.request('POST', '/api/v1/questions', { body, ...(token === undefined ? {} : { token }) })
const idOf = ({ json }: { readonly json: unknown }) => (json as { id: number }).id
const get = async (path: string, token?: string) =>
  (await server.request('GET', `/api/v1/questions/${path}`, token === undefined ? {} : { token })).json
const take = (question: number) =>
  takeTargets(server.context.database, { question, listener: 'listener', now: server.context.now() })
const part = (question: number, endpoint: string, rows: readonly Row[], more: object = {}) => ({
  endpoint,
  answer: {
    ...{ kind: 'answer' as const, n: 1, question, index: 0, last: true, state: 'answered' as const },
    ...{ rows: rows.map((row) => [...row]), cut: false, notes: [], took: 5, ...more },
  },
})

test('rows are counted while they come, and the question says who has answered', async () => {
  const id = idOf(await post({ text: 'get running processes' }))
  expect(await get(`${id}`)).toMatchObject({
    ...{
      state: 'asking',
      targets: 3,
      estimatedTotal: 2,
      tested: 0,
      text: 'Get Running Processes from all machines',
    },
    columns: [{ sensor: 'Running Processes', name: 'Process', type: 'text' }],
  })
  expect((await take(id)).toSorted()).toEqual([one, other])
  await saveAnswers(server.context, [part(id, one, [['bash'], ['sshd']], { last: false })])
  expect(await get(`${id}`)).toMatchObject({
    states: { answering: 1, asked: 1, offline: 1 },
    tested: 0,
    rows: 2,
  })
  await saveAnswers(server.context, [
    part(id, one, [['cron']], { index: 1 }),
    part(id, other, [['sshd'], ['sshd'], ['a\u0000b']]),
  ])
  expect(await get(`${id}`)).toMatchObject({
    state: 'waiting',
    tested: 2,
    passed: 2,
    rows: 4,
    states: { answered: 2 },
  })
  expect(await get(`${id}/rows?limit=1`)).toEqual({
    ...{ total: 4, columns: expect.any(Array), items: [{ cells: ['sshd'], count: 3 }] },
  })
  expect(await get(`${id}/rows?limit=10&offset=1`)).toMatchObject({
    items: [{ count: 1 }, { count: 1 }, { count: 1 }],
  })
})

test('what comes twice, out of order, unasked or late changes no row', async () => {
  const id = idOf(await post({ text: 'Get Computer Name' }))
  expect(await saveAnswers(server.context, [part(id, one, [['unasked']])])).toBe(0)
  await take(id)
  const first = part(id, one, [['web-1']], { last: false })
  await saveAnswers(server.context, [first, first])
  await saveAnswers(server.context, [first, part(id, one, [['later']], { index: 2 })])
  await saveAnswers(server.context, [part(id, one, [], { index: 1 })])
  await saveAnswers(server.context, [part(id, one, [['after the last']], { index: 2 })])
  await saveAnswers(server.context, [part(999_999, one, [['of no question']])])
  expect(await get(`${id}/rows`)).toMatchObject({ items: [{ cells: ['web-1'], count: 1 }] })
})

test('an endpoint that answers nonsense, or more than one may, is cut short and said to be', async () => {
  const id = idOf(await post({ text: 'Get Computer Name' }))
  await take(id)
  await saveAnswers(server.context, [part(id, one, [['too', 'wide']])])
  const many = Array.from({ length: 500 }, (_, row) => [`row ${row}`])
  for (let index = 0; index < 12; index += 1)
    await saveAnswers(server.context, [part(id, other, many, { index, last: index === 11 })])
  expect(await get(`${id}`)).toMatchObject({ cut: 1, states: { failed: 1, answered: 1 }, tested: 2 })
  expect(await get(`${id}/rows?limit=1`)).toMatchObject({ total: 500, items: [{ count: 10 }] })
  expect(await get(`${id}/endpoints`)).toMatchObject({
    items: [
      { computerName: 'web-1', state: 'failed', notes: ['its rows do not fit the question'] },
      { computerName: 'db-1', cut: true },
      { computerName: 'old-1', state: 'offline' },
    ],
  })
})

test('beyond the most rows that are kept, those that are known are counted and others are said to be dropped', async () => {
  const id = idOf(await post({ text: 'Get Computer Name' }))
  await take(id)
  await saveAnswers(server.context, [part(id, one, [['known']])])
  await server.context.database.query('update questions set distinct_rows = 99999 where id = $1', [id])
  await saveAnswers(server.context, [
    part(id, other, [['known'], ['last'], ['too many'], ['too many'], ['no room']]),
  ])
  expect(await get(`${id}`)).toMatchObject({ rows: 100_000, dropped: 3 })
  expect(await get(`${id}/rows`)).toMatchObject({
    items: [
      { cells: ['known'], count: 2 },
      { cells: ['last'], count: 1 },
    ],
  })
})

test('who is not meant or cannot tell counts as tested, and its rows are not looked at', async () => {
  const id = idOf(await post({ text: 'Get Computer Name from all machines with Uptime > 1 d' }))
  await take(id)
  await saveAnswers(server.context, [
    part(id, one, [['web-1']], { state: 'not meant' }),
    part(id, other, [], { state: 'undecided', notes: ['Uptime: unreadable'] }),
  ])
  expect(await get(`${id}`)).toMatchObject({
    tested: 2,
    passed: 0,
    rows: 0,
    states: { 'not meant': 1, undecided: 1 },
  })
})

test('an ambiguous text gives its readings, an unreadable one its faults, and neither is asked', async () => {
  const ambiguous = await post({ text: 'get processes' })
  expect(ambiguous).toMatchObject({
    ...{ status: 400, json: { code: 'question.ambiguous' } },
  })
  const { diagnostics } = ambiguous.json as { diagnostics: { message: string }[] }
  expect(diagnostics[0]?.message).toBe('Get Running Processes from all machines')
  expect((await post({ text: 'get nothing at all' })).json).toMatchObject({
    ...{ code: 'question.unreadable', diagnostics: [{ code: 'QST003' }] },
  })
  expect((await post({})).status).toBe(400)
  expect(await get('?limit=10')).toEqual({ items: [] })
  const { parses } = (await get(`parse?text=${encodeURIComponent('get procceses')}`)) as { parses: object[] }
  expect(parses.length).toBeGreaterThan(1)
  expect(parses[0]).toMatchObject({
    canonical: false,
    wire: { selects: [{ sensor: { name: 'Running Processes' } }] },
  })
})

test('a wire form is asked like its text, and a deep one is refused', async () => {
  const text =
    'Get File Hash[/etc/passwd] from all machines with not ( Uptime > 1 d or IP Address contains "10." )'
  const [parse] = parseQuestion(text).parses
  if (parse === undefined) throw new Error('it is no question')
  expect((await post({ wire: toWire(parse.question, text, true) })).json).toMatchObject({ text })
  const deep = `${'{"sub_groups":['.repeat(50_000)}{}${']}'.repeat(50_000)}`
  const raw = `{"wire":{"selects":[{"sensor":{"name":"Uptime"}}],"group":${deep}}}`
  const headers = { 'content-type': 'application/json' }
  const refused = await server.request('POST', '/api/v1/questions', { raw, headers })
  expect(refused).toMatchObject({ status: 400, json: { code: 'request.malformed' } })
})

test('a saved question is answered by who joins later; others end when their time is over', async () => {
  const { database, now } = server.context
  const saved = idOf(await post({ text: 'Get Uptime', save: 'uptimes' }))
  expect((await post({ text: 'Get Uptime', save: 'uptimes' })).json).toMatchObject({
    code: 'question.name-taken',
  })
  const short = idOf(await post({ text: 'Get Uptime', expireSeconds: 10 }))
  const late = '44444444-4444-4444-8444-444444444444'
  await enrol(late, 'new-1')
  server.advance(11_000_000)
  await joinSavedQuestions(database, late, now())
  expect((await takeQuestionsFor(database, late, now())).map(({ id }) => id)).toEqual([saved])
  expect((await takeQuestionsFor(database, away, now())).map(({ id }) => id)).toEqual([saved])
  await saveAnswers(server.context, [part(saved, late, [[5, 6]])])
  expect(await get(`${saved}`)).toMatchObject({ targets: 4, tested: 1, name: 'uptimes', expiresAt: null })
  expect(await get(`${short}`)).toMatchObject({ state: 'expired', states: { silent: 2, offline: 1 } })
  expect(await get('?saved=true')).toMatchObject({ items: [{ id: saved }] })
  server.advance(8 * 86_400_000_000)
  await post({ text: 'Get Uptime' })
  expect(await server.request('GET', `/api/v1/questions/${short}`)).toMatchObject({ status: 404 })
  expect((await server.request('DELETE', `/api/v1/questions/${saved}`)).status).toBe(200)
  expect((await server.request('GET', `/api/v1/questions/${saved}`)).status).toBe(404)
  await database.query('delete from question_answers where endpoint = $1', [late])
})

test('a person asks and sees only the groups of its roles, and secrets take their own permission', async () => {
  const token = await server.as('analyst', { groups: [7] })
  const ofAll = idOf(await post({ text: 'Get Uptime' }))
  const own = await post({ text: 'Get Uptime' }, token)
  expect(await get(`${idOf(own)}`, token)).toMatchObject({ targets: 1, text: 'Get Uptime from all machines' })
  expect((await server.request('GET', `/api/v1/questions/${ofAll}`, { token })).status).toBe(404)
  expect(await get('?limit=5', token)).toMatchObject({ items: [{ id: idOf(own) }] })
  expect((await server.request('DELETE', `/api/v1/questions/${ofAll}`, { token })).status).toBe(404)
  expect((await post({ text: 'Get Uptime from all machines in Web servers' }, token)).status).toBe(201)
  expect((await post({ text: 'Get Uptime', group: 1 }, token)).status).toBe(403)
  expect((await post({ text: 'Get Uptime from all machines in nobody' }, token)).status).toBe(404)
  expect((await post({ text: 'Get Environment' }, token)).status).toBe(403)
  const hidden = 'Get Uptime from all machines with File Contents[/etc/shadow]:Text contains root'
  expect((await post({ text: hidden }, token)).status).toBe(403)
  const responder = await server.as('responder', { groups: [7] })
  const secret = idOf(await post({ text: 'Get Environment' }, responder))
  expect((await server.request('GET', `/api/v1/questions/${secret}`, { token })).status).toBe(404)
  expect((await server.request('GET', `/api/v1/questions/${secret}`, { token: responder })).status).toBe(200)
  const auditor = await server.as('auditor')
  expect((await post({ text: 'Get Uptime' }, auditor)).status).toBe(403)
})
