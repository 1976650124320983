import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { firstCredentials, keepCredentials } from './credentials.ts'

let home: string
const lines: string[] = []
const say = (line: string) => lines.push(line)
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'tocsin-credentials-'))
  lines.length = 0
})
afterEach(() => rm(home, { recursive: true }))

test('credentials are kept 0600 and are not printed to a log', async () => {
  await keepCredentials(home, { adminPassword: 'pw', apiToken: 'token-x' }, { isTerminal: false, say })
  const file = join(home, 'initial-credentials')
  expect(await readFile(file, 'utf8')).toBe('admin password: pw\nAPI token: token-x\n')
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect(lines).toEqual([`  credentials: ${file}`])
})

test('a terminal shows them', async () => {
  await keepCredentials(home, { apiToken: 'token-x' }, { isTerminal: true, say })
  expect(lines[0]).toBe('  API token: token-x')
})

test('what the environment gave is not kept', async () => {
  await keepCredentials(home, {}, { isTerminal: true, say })
  expect(await readdir(home)).toEqual([])
  expect(lines).toEqual([])
})

test('a server cannot slip control characters into the file or onto the terminal', () => {
  expect(firstCredentials.safeParse({ apiToken: 'x\u001b[2J' }).success).toBe(false)
  expect(firstCredentials.safeParse({ apiToken: 'x\nAPI token: y' }).success).toBe(false)
})
