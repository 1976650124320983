import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { LocalServer } from '../testdata/local-server.ts'
import { programKey } from '../testdata/programs.ts'
import { enrolApart } from './enrol-apart.ts'
import { enrol } from './identity.ts'
import { keptIdentity } from './kept-identity.ts'

let folder = ''
let server: LocalServer
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-enrol-'))
  server = await LocalServer.start()
})
afterEach(async () => {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

const order = (caPin = server.pin) => ({ server: server.url, token: 'a token of enough length', caPin })

test('an endpoint enrols once and keeps its identity where only it can read it', async () => {
  const identity = await enrol(folder, order())
  expect(identity).toMatchObject({ authority: server.authorityPem, programKey })
  expect(await keptIdentity(folder)).toEqual(identity)
  expect(statSync(join(folder, 'identity.json')).mode & 0o777).toBe(0o600)
  expect(server.tokens).toEqual(['a token of enough length'])
})

test('in a thread of its own it is the same, and a refusal is told', async () => {
  const data = {
    stateDir: folder,
    server: server.url.href,
    token: 'a token of enough length',
    caPin: server.pin,
  }
  await expect(enrolApart({ ...data, caPin: '0'.repeat(64) })).rejects.toThrow('not the pinned one')
  expect(await keptIdentity(folder)).toBeUndefined()
  expect(await enrolApart(data)).toMatchObject({ authority: server.authorityPem, programKey })
})

test('the pin may be written in capitals', async () => {
  await expect(enrol(folder, order(server.pin.toUpperCase()))).resolves.toBeDefined()
})

test('a server of another authority learns nothing, not even the token', async () => {
  await expect(enrol(folder, order('0'.repeat(64)))).rejects.toThrow('not the pinned one')
  expect(server.tokens).toEqual([])
  expect(await keptIdentity(folder)).toBeUndefined()
})

test.each(['', 'welcome', '{}'])(
  'an answer that is no identity refuses the enrolment: %j',
  async (answer) => {
    server.enrolmentAnswer = answer
    await expect(enrol(folder, order())).rejects.toThrow()
    expect(await keptIdentity(folder)).toBeUndefined()
  },
)

test('a damaged identity is named', async () => {
  await enrol(folder, order())
  const path = join(folder, 'identity.json')
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), key: 7 }))
  await expect(keptIdentity(folder)).rejects.toThrow(/identity\.json is damaged/)
})
