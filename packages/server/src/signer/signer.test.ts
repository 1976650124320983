import { fork } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Manifest } from '@tocsin/model'
import { isSignedBy, keyIdOf } from '@tocsin/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { connectSigner, type Signer } from '../keys/index.ts'
import { newRequest } from './testdata/new-request.ts'

let folder: string
let stop: () => Promise<void>
let signer: Signer
const entry = new URL('./main.ts', import.meta.url)

async function start(): Promise<void> {
  const socket = join(folder, 's')
  const child = fork(entry, [folder, socket], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  await new Promise((resolve) => child.once('message', resolve))
  signer = connectSigner(socket)
  stop = async () => {
    signer.close()
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await ended
  }
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tocsin-signer-'))
  await start()
})
afterEach(async () => {
  await stop()
  await rm(folder, { recursive: true })
})

const manifest = (revision: number, keyId: string): Manifest => ({
  contract: 1,
  revision,
  previous: 0,
  issuedAt: 1,
  expiresAt: 2,
  keyId,
  programs: [],
  settings: { scanRoots: [], scanExclude: [] },
})

test('a revision is signed once, also after the signer was killed', async () => {
  const key = await signer.programKey()
  const first = manifest(3, keyIdOf(key))
  expect(isSignedBy(first, await signer.signManifest(first), key)).toBe(true)
  await stop()
  await start()
  expect(await signer.programKey()).toBe(key)
  await expect(signer.signManifest(manifest(3, keyIdOf(key)))).rejects.toThrow('not above')
  await expect(signer.signManifest(manifest(4, keyIdOf(key)))).resolves.toHaveLength(128)
})

test("an endpoint's certificate carries its id, whatever the request says", async () => {
  const endpoint = '11111111-2222-4333-8444-555555555555'
  const { certificate } = await signer.issueEndpoint(await newRequest('CN=somebody else'), endpoint)
  const issued = new X509Certificate(certificate)
  expect(issued.subject).toBe(`CN=${endpoint}`)
  expect(issued.verify(new X509Certificate(await signer.authority()).publicKey)).toBe(true)
  expect(issued.keyUsage).toContain('1.3.6.1.5.5.7.3.2')
})

test('a request that is none is refused, and the signer lives', async () => {
  await expect(signer.issueEndpoint('nonsense', '11111111-2222-4333-8444-555555555555')).rejects.toThrow()
  await expect(signer.issueEndpoint('nonsense', 'no uuid')).rejects.toThrow()
  await expect(signer.programKey()).resolves.toHaveLength(64)
})

test('keys are readable by their owner alone', async () => {
  for (const name of ['ca.pk8', 'programs.key', 'actions.key']) {
    expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600)
  }
})
