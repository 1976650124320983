import { execFileSync } from 'node:child_process'
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ColumnType, parseQuestion, type Row, sensors } from '@tocsin/questions'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bootId, bootTime, runningProcesses } from '../../recorder/linux/proc.ts'
import { ProcessTable } from '../../recorder/process-table.ts'
import { answerQuestion } from '../answer-question.ts'
import type { Facts } from '../facts.ts'
import { Gathering } from '../gather.ts'
import { answerers } from './all.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-sensors-'))
  writeFileSync(join(folder, 'text'), 'one\ntwo\n')
  writeFileSync(join(folder, 'binary'), Buffer.from([0, 1, 2]))
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff, 0xfe])]), '')
  mkdirSync(join(folder, 'own'))
  writeFileSync(join(folder, 'own', 'key'), 'secret')
  mkdirSync(join(folder, 'home', 'signer'), { recursive: true })
  writeFileSync(join(folder, 'home', 'home.json'), '{}')
  symlinkSync(join(folder, 'own', 'key'), join(folder, 'to-own'))
  symlinkSync('loop', join(folder, 'loop'))
  linkSync(join(folder, 'text'), join(folder, 'same'))
  execFileSync('mkfifo', [join(folder, 'pipe')])
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const table = new ProcessTable(bootId(), bootTime())
for (const running of runningProcesses()) table.addRunning(running)
const key = table.ofPid(process.pid)?.key ?? ''
const event = {
  ...({ id: '1', object: 'dns', operation: 'query', at: 7, actor: key } as const),
  fields: { 'dns.query': { values: ['example.org'], whole: true } },
}
let redact: readonly string[] = []
const facts: Facts = {
  redacted: async () => redact,
  processes: async () => table.all(),
  events: async () => ({
    rows: [{ event, times: 2, lastAt: 9, process: table.get(key) ?? null }],
    ...{ cursor: null, isWhole: true, missing: [] },
  }),
  blindIntervals: async () => [{ from: 1, to: 2, object: 'file', count: null, reason: 'overflow' }],
  status: async () => ({
    endpoint: 'an id',
    facts: [['version', '1']],
    intel: [{ id: 7, name: 'a signal', revision: 1, refused: null }],
  }),
}

async function ask(text: string, limits = { mostRows: 5_000, mostBytes: 1 << 20 }) {
  const [parse] = parseQuestion(text).parses
  if (parse === undefined) throw new Error(`${text} is no question`)
  const gathering = new Gathering({
    ...{ facts, abort: AbortSignal.timeout(120_000), closed: [join(folder, 'own')], millisPerSensor: 60_000 },
  })
  return answerQuestion(parse.question, gathering, limits)
}
const missing = async (sensor: string, parameter: string) =>
  (await ask(`Get ${sensor}["${parameter}"] from all machines`)).rows[0]?.[0]

const types: Readonly<Record<ColumnType, string>> = {
  ...{ text: 'string', number: 'number', bytes: 'number', percent: 'number' },
  ...{ duration: 'number', time: 'number', flag: 'boolean' },
}

test('of command lines what the profile has blacked out is told by no sensor, and found by no filter', async () => {
  const filtered = 'Get Process Tree having Process Tree:Command Line contains vitest from all machines'
  const whole = await ask(filtered)
  redact = ['vitest']
  const hidden = await ask(filtered)
  const tree = await ask('Get Process Tree from all machines')
  redact = []
  expect(JSON.stringify(whole.rows)).toContain('vitest')
  expect(JSON.stringify(hidden.rows)).not.toContain('node')
  expect(JSON.stringify(tree.rows)).toContain('[redacted]')
})

test('each sensor of the table is answered by one file', () => {
  expect(answerers.map(({ sensor }) => sensor).sort()).toEqual(sensors.map(({ name }) => name).sort())
})

test.each(sensors)('$name gives rows as its columns say', async ({ name, columns, parameters }) => {
  const usual: Readonly<Record<string, string>> = {
    path: `"${folder}/text"`,
    id: '7',
    filter: '""',
    since: '1h',
  }
  const given = name === 'Folder Contents' ? [`"${folder}"`] : parameters.map((each) => usual[each.key] ?? '')
  const brackets = given.length === 0 ? '' : `[${given.join(',')}]`
  const { state, rows } = await ask(`Get ${name}${brackets} from all machines`)
  expect(state).toBe('answered')
  for (const row of rows) {
    expect(row).toHaveLength(columns.length)
    for (const [place, cell] of row.entries()) {
      if (cell === null || typeof cell === 'object') continue
      expect([columns[place]?.name, typeof cell]).toEqual([
        columns[place]?.name,
        types[columns[place]?.type ?? 'text'],
      ])
    }
  }
})

test('what runs, listens and stands in folders is told', async () => {
  const server = createServer()
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port))
  })
  const ports = await ask(`Get Open Ports having Open Ports:Port equals ${port} from all machines`)
  expect(ports.rows).toEqual([['tcp', '127.0.0.1', port, expect.stringContaining('node')]])
  server.close()
  const tree = await ask(`Get Process Tree having Process Tree:PID equals ${process.pid} from all machines`)
  expect(tree.rows[0]?.[2]).toBe(process.pid)
  const names = (await ask(`Get Folder Contents["${folder}"] from all machines`)).rows.map((row: Row) =>
    row.slice(0, 2),
  )
  expect(names).toContainEqual(['pipe', 'pipe'])
  expect(names).toContainEqual(['\ufffd\ufffd', 'file'])
  expect((await ask(`Get File Contents["${folder}/text"] from all machines`)).rows).toEqual([
    [1, 'one'],
    [2, 'two'],
  ])
  const hash = await ask(`Get File Hash["${folder}/text"] from all machines`)
  expect(hash.rows[0]?.slice(1, 3)).toEqual([8, '2094b601daac3d68f5aed51d3c20f7cd'])
})

test('paths that are none, files that are no files, and the agent’s own are refused in words', async () => {
  const refused = async (path: string) =>
    Promise.all(['File Hash', 'File Contents', 'Folder Contents'].map((sensor) => missing(sensor, path)))
  const all = (text: string) => Array(3).fill({ missing: text })
  expect(await refused('etc/passwd')).toEqual(all('the path does not begin with /'))
  expect(await refused('/tmp/../etc/passwd')).toEqual(all('the path holds ..'))
  expect(await refused('/a\0b')).toEqual(all('the path holds a NUL'))
  expect(await refused('/proc/kcore')).toEqual(all('foreign file system'))
  expect(await refused(`${folder}/own/key`)).toEqual(all('it is the agent’s own'))
  expect(await refused(`${folder}/to-own`)).toEqual(all('it is the agent’s own'))
  expect(await refused(`${folder}/home/signer`)).toEqual(all('it lies in a home of Tocsin'))
  expect(await refused(`${folder}/loop`)).toEqual(all('link loop'))
  expect(await refused(`${folder}/none`)).toEqual(all('missing'))
  expect(await missing('File Hash', `${folder}/pipe`)).toEqual({ missing: 'it is no regular file' })
  expect(await missing('File Hash', '/dev/zero')).toEqual({ missing: expect.any(String) })
  expect(await missing('File Contents', `${folder}/pipe`)).toEqual({ missing: 'special file' })
  expect(await missing('File Contents', `${folder}/binary`)).toEqual({ missing: 'it is no text' })
  const { rows } = await ask('Get Recorded Processes["",soon] from all machines')
  expect(rows[0]?.[0]).toEqual({ missing: 'how far back is a number with m, h or d, such as 12h' })
})

test('File Exists tells what is there, and that something is not', async () => {
  const rowOf = async (path: string) => (await ask(`Get File Exists["${path}"] from all machines`)).rows[0]
  expect(await rowOf(`${folder}/text`)).toEqual([`${folder}/text`, true, 'file'])
  expect(await rowOf(`${folder}/pipe`)).toEqual([`${folder}/pipe`, true, 'pipe'])
  expect(await rowOf(`${folder}/none/at/all`)).toEqual([`${folder}/none/at/all`, false, null])
  expect(await rowOf('/x'.repeat(3_000).slice(0, 4_090))).toEqual([expect.any(String), false, null])
})

test('the from-filter decides whether a machine answers, and what it cannot tell is undecided', async () => {
  const path = `${folder}/text`
  const meant = await ask(
    `Get Computer Name from all machines with File Exists["${path}"]:Exists equals true`,
  )
  expect(meant).toMatchObject({ state: 'answered', rows: [[expect.any(String)]] })
  const not = await ask(
    `Get Computer Name from all machines with not File Exists["${path}"]:Exists equals true`,
  )
  expect(not).toMatchObject({ state: 'not meant', rows: [] })
  const undecided = await ask('Get Computer Name from all machines with File Hash["/none"]:MD5 contains a')
  expect(undecided).toMatchObject({ state: 'undecided', notes: ['File Hash: missing'] })
})

test('rows that a get-filter leaves none of say so, and more rows or bytes than asked for are cut', async () => {
  const none = await ask('Get Computer Name and Running Processes equals "no such program" from all machines')
  expect(none.rows).toEqual([[expect.any(String), { missing: 'no results' }]])
  const few = await ask(`Get Folder Contents["${folder}"] from all machines`, {
    mostRows: 3,
    mostBytes: 1 << 20,
  })
  expect(few).toMatchObject({ isCut: true, rows: { length: 3 } })
  const small = await ask(`Get Folder Contents["${folder}"] from all machines`, {
    mostRows: 100,
    mostBytes: 200,
  })
  expect(small.isCut).toBe(true)
  expect(JSON.stringify(small.rows).length).toBeLessThan(210)
})
