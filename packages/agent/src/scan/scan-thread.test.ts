import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findingId, type Match } from '@tocsin/engine'
import { until } from '@tocsin/testkit/until.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { activate, type LoadedSet } from '../intel-store/activation.ts'
import { IntelStore } from '../intel-store/store.ts'
import { whyNoLibyara } from '../testdata/libyara.ts'
import { type Made, made, programKey, programOf, signedSet, term, yaraProgram } from '../testdata/programs.ts'
import type { Quarantined } from './content/quarantine.ts'
import { background, type ScanProgress } from './scan-messages.ts'
import { ScanThread } from './scan-thread.ts'

let folder = ''
let root = ''
let store: IntelStore
let thread: ScanThread | undefined
let matches: Match[] = []
let progress: ScanProgress[] = []
let quarantined: Quarantined[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-scan-'))
  root = join(folder, 'root')
  mkdirSync(root)
  store = new IntelStore(folder)
  matches = []
  progress = []
  quarantined = []
})
afterEach(async () => {
  await thread?.close()
  store.close()
  rmSync(folder, { recursive: true, force: true })
})

async function scanning(
  programs: readonly Made[],
  restAfter?: number,
): Promise<{ thread: ScanThread; set: LoadedSet }> {
  const made = new ScanThread({
    ...(restAfter === undefined ? {} : { restAfter }),
    stateDir: folder,
    exclude: [join(root, 'state')],
    quarantined: [],
    limits: { file: 2_500, compile: 30_000 },
    onMatch: (match) => matches.push(match),
    onProgress: (each) => progress.push(each),
    onQuarantined: (each) => quarantined.push(each),
    onMissed: () => undefined,
    onChanged: () => undefined,
  })
  thread = made
  await made.start()
  const offer = signedSet(1, programs, { settings: { scanRoots: [root], scanExclude: [join(root, 'out')] } })
  const fetch = async (digest: string) => offer.objects.get(digest)
  const activation = await activate(offer, { store, programKey, fetch, now: () => 2_000 })
  if (activation.kind !== 'activated') throw new Error(activation.code)
  made.use(activation.set.programs, activation.set.profile.settings)
  return { thread: made, set: activation.set }
}

const subjects = () => matches.map(({ program, subject }) => [program, subject.split('|')[0]])
const whole = { scan: 1, programs: [], processes: [] }
const bytes = Buffer.from('the bytes of something evil')
const hash = createHash('sha256').update(bytes).digest('hex')
const byHash = made(programOf(term('file.sha256', 'is', hash)))
const byName = made(programOf(term('file.name', 'is', 'evil.bin')))
const yara = yaraProgram('rule evil { strings: $a = "something evil" condition: $a }')
const bomb = yaraProgram(`rule spins { strings:
  ${Array.from({ length: 8 }, (_, at) => `$a${at} = /\\x00{4,}[^\\x01]{0,${300 + at}}[^\\x02]{0,300}[^\\x00]/`).join('\n  ')}
  condition: any of them }`)

test('a scan finds by name, hash and content, tells its progress, and says of each program how it went', async () => {
  const nowhere = made(programOf(term('file.name', 'is', 'nowhere.bin')))
  const { thread } = await scanning([byHash, byName, yara, nowhere])
  for (const name of ['out', 'state']) mkdirSync(join(root, name))
  for (const name of ['evil.bin', 'out/evil.bin', 'state/evil.bin']) writeFileSync(join(root, name), bytes)
  writeFileSync(join(root, 'good.bin'), 'good')
  expect(await thread.scan(whole)).toBe('done')
  const path = join(root, 'evil.bin')
  expect(subjects().sort()).toEqual([byHash, byName, yara].map(({ digest }) => [digest, path]).sort())
  const done = progress.at(-1)
  expect(progress[0]?.state).toBe('running')
  expect(done).toMatchObject({ scan: 1, state: 'done', files: 2, skipped: { excluded: 2 } })
  expect(Object.fromEntries(done?.verdicts ?? [])).toEqual({
    [byHash.digest]: 'match',
    [byName.digest]: 'match',
    [yara.digest]: 'match',
    [nowhere.digest]: 'no-match',
  })
})

test('a scan of some programs runs those alone', async () => {
  const { thread } = await scanning([byHash, byName])
  writeFileSync(join(root, 'evil.bin'), bytes)
  await thread.scan({ ...whole, programs: [byName.digest] })
  expect(matches.map(({ program }) => program)).toEqual([byName.digest])
})

test('a file that was just written is looked at, also one whose name is no UTF-8', async () => {
  const { thread } = await scanning([byHash])
  const path = Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xe9, 0x2e])])
  writeFileSync(path, bytes)
  thread.landed(path)
  await until('the match', async () => matches.length === 1, 5_000)
  expect(subjects()).toEqual([[byHash.digest, `${root}/\ufffd.`]])
  expect(matches[0]?.explanation.instances[0]?.fields['file.path.raw']).toEqual({
    values: [{ bytes: path.toString('hex') }],
    whole: true,
  })
})

test('files outside the roots and excluded ones are not looked at when they are written', async () => {
  const { thread } = await scanning([byHash])
  mkdirSync(join(root, 'out'))
  for (const path of [join(folder, 'evil.bin'), join(root, 'out/evil.bin'), join(root, 'last')]) {
    writeFileSync(path, bytes)
    thread.landed(Buffer.from(path))
  }
  await until('the last', async () => matches.length > 0, 5_000)
  expect(subjects()).toEqual([[byHash.digest, join(root, 'last')]])
})

test('while a rule spins, other programs still find what lands, and the rule is set aside by name', async () => {
  const { thread } = await scanning([bomb, byHash, yara])
  const large = join(root, 'large')
  writeFileSync(large, Buffer.alloc(24 << 20))
  thread.landed(Buffer.from(large))
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  writeFileSync(join(root, 'evil'), bytes)
  const began = Date.now()
  thread.landed(Buffer.from(join(root, 'evil')))
  await until(
    'the match by hash',
    async () => matches.some(({ program }) => program === byHash.digest),
    5_000,
  )
  expect(Date.now() - began).toBeLessThan(3_000)
  expect(quarantined).toEqual([])
  await until('the rule is set aside', async () => quarantined.length > 0, 90_000)
  expect(quarantined[0]).toMatchObject({ rule: 'spins', code: 'rule.too-slow' })
  await until(
    'the match by content',
    async () => matches.some(({ program }) => program === yara.digest),
    30_000,
  )
  expect(thread.quarantinedIn()).toMatchObject([
    { program: bomb.digest, code: 'rule.too-slow', message: expect.stringMatching(/^spins: /) },
  ])
}, 120_000)

test('a scan of what was changed since a time looks at nothing else, and denies nothing', async () => {
  const absent = made(programOf({ kind: 'not', part: term('file.name', 'is', 'nowhere') }))
  const { thread } = await scanning([byHash, absent])
  writeFileSync(join(root, 'old'), bytes)
  await new Promise((resolve) => setTimeout(resolve, 50))
  const since = Date.now() * 1_000
  await new Promise((resolve) => setTimeout(resolve, 50))
  writeFileSync(join(root, 'new'), bytes)
  await thread.scan({ ...whole, since })
  expect(subjects()).toEqual([[byHash.digest, join(root, 'new')]])
  expect(progress.at(-1)).toMatchObject({ state: 'done', files: 1 })
})

test('a scan that is held back can be cancelled', async () => {
  const { thread } = await scanning([byHash])
  writeFileSync(join(root, 'a file'), bytes)
  thread.hold({ scans: true })
  const scan = thread.scan({ ...whole, scan: background })
  await until('it began', async () => progress.length > 0, 5_000)
  thread.cancel(background)
  expect(await scan).toBe('cancelled')
  expect(progress.at(-1)).toMatchObject({ state: 'cancelled' })
})

test('running processes and their executables are scanned', async () => {
  const byPath = made(programOf(term('process.path', 'is', process.execPath)))
  const byFile = made(programOf(term('file.path', 'is', process.execPath)))
  const { thread } = await scanning([byPath, byFile])
  const facts = {
    key: 'boot:1:1',
    parent: null,
    fields: { 'process.path': { values: [process.execPath], whole: true } },
    startedAt: 1_000,
    endedAt: null,
  }
  await thread.scan({ ...whole, processes: [facts] })
  expect(subjects()).toEqual([
    [byPath.digest, 'boot:1:1'],
    [byFile.digest, process.execPath],
  ])
})

test('what the content children can do and which state can be read is found by trial', async () => {
  const { thread } = await scanning([byHash])
  const [libyara, yaraX] = thread.content
  expect(yaraX).toMatchObject({ engine: 'yara-x', why: null })
  expect(yaraX?.modules).toEqual(expect.arrayContaining(['elf', 'hash', 'math', 'pe']))
  expect(yaraX?.modules).not.toContain('magic')
  if (whyNoLibyara === undefined) {
    expect(libyara).toMatchObject({ engine: 'libyara', why: null })
    expect(libyara?.modules).toEqual(expect.arrayContaining(['elf', 'hash', 'math', 'pe', 'time']))
  } else expect(libyara?.why).toContain('libyara')
  expect(thread.trial.state.host).toContain('host.name')
})

test('the background scan that is held back ends once it is let go, with what it would have found', async () => {
  const { thread } = await scanning([byHash, yara])
  writeFileSync(join(root, 'evil.bin'), bytes)
  thread.hold({ scans: true })
  const scan = thread.scan({ ...whole, scan: background })
  await until('the scan has begun', async () => progress.length > 0, 5_000)
  expect(await Promise.race([scan, new Promise((resolve) => setTimeout(resolve, 300, 'it waits'))])).toBe(
    'it waits',
  )
  expect(matches).toEqual([])
  thread.hold({ scans: false })
  expect(await scan).toBe('done')
  expect(subjects().sort()).toEqual(
    [byHash, yara].map(({ digest }) => [digest, join(root, 'evil.bin')]).sort(),
  )
})

test('without anything to look for its thread ends, and what is asked for starts it again, with what trials showed', async () => {
  const signal = made(programOf(term('process.path', 'is', process.execPath), { subject: 'process' }))
  const { thread, set } = await scanning([signal], 1)
  writeFileSync(join(root, 'evil.bin'), bytes)
  await until('it rests', async () => thread.isResting, 10_000)
  const { content, trial } = thread
  expect(await thread.scan(whole)).toBe('done')
  expect(progress.at(-1)).toMatchObject({ state: 'done', files: 1 })
  expect([thread.content, thread.trial]).toEqual([content, trial])
  await until('it rests again', async () => thread.isResting, 10_000)
  const offer = signedSet(2, [byHash], { settings: { scanRoots: [root], scanExclude: [] } })
  const fetch = async (digest: string) => offer.objects.get(digest)
  const next = await activate(offer, { store, programKey, fetch, now: () => 2_000 })
  if (next.kind !== 'activated') throw new Error(next.code)
  thread.use(next.set.programs, set.profile.settings)
  expect(thread.isResting).toBe(false)
  thread.landed(Buffer.from(join(root, 'evil.bin')))
  await until('the match', async () => matches.length === 1, 10_000)
})

test('a scan stands still where it is, goes on to its end, and a rescan finds the same by the same ids', async () => {
  const { thread } = await scanning([byHash])
  writeFileSync(join(root, 'evil.bin'), bytes)
  thread.pause(1, true)
  const ending = thread.scan(whole)
  await until('it stands still', async () => progress.at(-1)?.state === 'paused', 10_000)
  expect(matches).toEqual([])
  thread.pause(1, false)
  expect(await ending).toBe('done')
  await thread.scan({ ...whole, scan: 2 })
  const ids = matches.map((match) =>
    findingId(match.loaded.program.intel.id, match.loaded.program.condition, match.subject),
  )
  expect([ids.length, new Set(ids).size]).toEqual([2, 1])
})

test('a scan that stands still can be cancelled', async () => {
  const { thread } = await scanning([byHash])
  thread.pause(1, true)
  const ending = thread.scan(whole)
  await until('it stands still', async () => progress.at(-1)?.state === 'paused', 10_000)
  thread.cancel(1)
  expect(await ending).toBe('cancelled')
})

test('the endpoint’s own scan tells how many files there are', async () => {
  const { thread } = await scanning([byHash])
  for (let at = 0; at < 30; at += 1) writeFileSync(join(root, `file-${at}`), 'good')
  await thread.scan({ ...whole, scan: background })
  expect(progress.at(-1)).toMatchObject({ state: 'done', outlook: { filesExpected: 30, secondsLeft: 0 } })
})

test('a document that is not scanned for here is counted', async () => {
  const { thread } = await scanning([byHash])
  await thread.scan({ ...whole, programs: [byHash.digest, byName.digest] })
  expect(progress.at(-1)).toMatchObject({ state: 'done', skipped: { 'not scanned for here': 1 } })
  expect([...(progress.at(-1)?.verdicts ?? [])]).toEqual([[byHash.digest, 'no-match']])
})
