import { fork } from 'node:child_process'
import { createHash, X509Certificate } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
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
let told: { readonly kind: string; readonly caPin: string }
const entry = new URL('./main.ts', import.meta.url)
const endpoint = '11111111-2222-4333-8444-555555555555'

async function startProcess(): Promise<void> {
  const child = fork(entry, [folder, join(folder, 's')], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  stop = async () => {
    child.kill('SIGKILL')
    await ended
  }
  const ready = new Promise<typeof told>((resolve) =>
    child.once('message', (message) => resolve(message as typeof told)),
  )
  const code = ended.then((code) => {
    throw new Error(`the signer ended with ${code}`)
  })
  told = await Promise.race([ready, code])
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tocsin-signer-'))
  signer = connectSigner(join(folder, 's'))
  await startProcess()
})
afterEach(async () => {
  signer.close()
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
  await startProcess()
  expect(await signer.programKey()).toBe(key)
  await expect(signer.signManifest(manifest(3, keyIdOf(key)))).rejects.toThrow('not above')
  await expect(signer.signManifest(manifest(2, keyIdOf(key)))).rejects.toThrow('not above')
  await expect(signer.signManifest(manifest(4, keyIdOf(key)))).resolves.toHaveLength(128)
})

test('of the same revision asked for many times at once one is signed', async () => {
  const keyId = keyIdOf(await signer.programKey())
  const asked = await Promise.allSettled([5, 5, 6, 5, 6].map((n) => signer.signManifest(manifest(n, keyId))))
  expect(asked.map(({ status }) => status === 'fulfilled')).toEqual([true, false, true, false, false])
  expect(await readFile(join(folder, 'last-revision'), 'utf8')).toBe('6')
})

test('what is no program set of this key is not signed', async () => {
  const keyId = keyIdOf(await signer.programKey())
  await expect(signer.signManifest(manifest(1, 'other'))).rejects.toThrow('another key')
  await expect(signer.signManifest({ ...manifest(0, keyId) })).rejects.toThrow('malformed')
  const withAction = { ...manifest(1, keyId), action: 'isolate' }
  await expect(signer.signManifest(withAction)).rejects.toThrow('malformed')
  await expect(signer.signManifest(manifest(1, keyId))).resolves.toHaveLength(128)
})

test('a note of the last revision that is damaged keeps the signer from starting', async () => {
  await stop()
  await writeFile(join(folder, 'last-revision'), '')
  await expect(startProcess()).rejects.toThrow('ended with 1')
})

test("an endpoint's certificate carries its id, whatever the request says", async () => {
  const { certificate, serial } = await signer.issueEndpoint(await newRequest('CN=somebody else'), endpoint)
  const issued = new X509Certificate(certificate)
  expect(issued.subject).toBe(`CN=${endpoint}`)
  expect(issued.subjectAltName).toBe(`URI:urn:uuid:${endpoint}`)
  expect(issued.verify(new X509Certificate(await signer.authority()).publicKey)).toBe(true)
  expect(issued.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2'])
  expect(issued.ca).toBe(false)
  expect(issued.serialNumber.toLowerCase()).toBe(serial.toLowerCase())
  const days = (issued.validToDate.getTime() - Date.now()) / 86_400_000
  expect(Math.round(days)).toBe(365)
})

test("the listener's certificate is good for its names and not for clients", async () => {
  const names = ['127.0.0.1', '::1', 'tocsin.example']
  const issued = new X509Certificate(await signer.issueListener(await newRequest('CN=x'), names))
  expect(issued.checkIP('127.0.0.1')).toBeDefined()
  expect(issued.checkIP('::1')).toBeDefined()
  expect(issued.checkHost('tocsin.example')).toBeDefined()
  expect(issued.checkHost('other.example')).toBeUndefined()
  expect(issued.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1'])
})

test('a request that is none is refused, and the signer lives', async () => {
  await expect(signer.issueEndpoint('nonsense', endpoint)).rejects.toThrow()
  await expect(signer.issueEndpoint('nonsense', 'no uuid')).rejects.toThrow('malformed')
  const forged = withOtherSignature(await newRequest('CN=x'))
  await expect(signer.issueEndpoint(forged, endpoint)).rejects.toThrow('not signed by its own key')
  await expect(signer.programKey()).resolves.toHaveLength(64)
})

test('a line without end is cut off, and others are served', async () => {
  const socket = connect(join(folder, 's'))
  socket.on('error', () => undefined)
  const closed = new Promise((resolve) => socket.once('close', resolve))
  const block = 'x'.repeat(1 << 20)
  const push = () => {
    while (!socket.destroyed && socket.write(block));
  }
  socket.on('drain', push)
  push()
  await closed
  await expect(signer.programKey()).resolves.toHaveLength(64)
})

test('a request waits for a signer that is being started again', async () => {
  const key = await signer.programKey()
  await stop()
  const asked = signer.programKey()
  await startProcess()
  await expect(asked).resolves.toBe(key)
})

test('keys are readable by their owner alone, and the pin is that of the authority', async () => {
  for (const name of ['ca.pk8', 'programs.key', 'actions.key']) {
    expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600)
  }
  const programs = await readFile(join(folder, 'programs.key'))
  expect(programs.equals(await readFile(join(folder, 'actions.key')))).toBe(false)
  const { raw } = new X509Certificate(await signer.authority())
  expect(told.caPin).toBe(createHash('sha256').update(raw).digest('hex'))
})

/** The last byte of a request belongs to its signature. */
function withOtherSignature(pem: string): string {
  const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64')
  der.writeUInt8(der.readUInt8(der.length - 1) ^ 1, der.length - 1)
  return pem.replace(/(?<=-----\n)[^-]+/, `${der.toString('base64')}\n`)
}
