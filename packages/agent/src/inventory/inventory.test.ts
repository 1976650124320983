import { type ChildProcess, spawn } from 'node:child_process'
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { known, type RecordedEvent } from '@tocsin/model'
import { until } from '@tocsin/testkit/until.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { md5, sha256 } from '../testdata/digests.ts'
import { Inventory, type InventoryOptions } from './inventory.ts'

let folder = ''
let state = ''
const open: Inventory[] = []
const warned: string[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-files-'))
  state = mkdtempSync(join(tmpdir(), 'tocsin-state-'))
  warned.length = 0
})

afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()))
  for (const each of [folder, state]) rmSync(each, { recursive: true, force: true })
})

function inventory(options: Partial<InventoryOptions> = {}): Inventory {
  const made = new Inventory({
    ...{ stateDir: state, exclude: [], cores: 1, roots: [folder] },
    log: { info: () => undefined, warn: (text) => warned.push(text) },
    ...options,
  })
  open.push(made)
  made.start()
  return made
}

const file = (name: string, text = name) => writeFileSync(join(folder, name), text)
const namesOf = async (of: Inventory, glob: string) => {
  const { files } = await of.filesWithName(glob, 100)
  return files.map(({ path }) => path.slice(folder.length + 1)).sort()
}
const complete = (of: Inventory, text = 'x') =>
  until('it is complete', async () => (await of.filesWithHash('md5', md5(text), 1)).complete)

let lastEvent = 0
function event(operation: string, name: string, source?: string): RecordedEvent {
  lastEvent += 1
  const of = (path: string) => known(join(folder, path))
  return {
    ...{ id: `e${lastEvent}`, object: 'file', operation, at: Date.now() * 1_000, actor: 'boot:1:1' },
    fields: { 'file.path': of(name), ...(source === undefined ? {} : { 'file.source_path': of(source) }) },
  }
}

test('files are found by name and by each of their hashes', async () => {
  mkdirSync(join(folder, 'deep/er'), { recursive: true })
  file('deep/er/Evil.sh', 'boo')
  file('deep/er/evil.txt', 'boo!')
  const it = inventory()
  await complete(it)
  expect(await namesOf(it, 'EVIL.*')).toEqual(['deep/er/Evil.sh', 'deep/er/evil.txt'])
  expect(await namesOf(it, '*vil.s?')).toEqual(['deep/er/Evil.sh'])
  expect(await namesOf(it, 'evil')).toEqual([])
  const { files } = await it.filesWithHash('sha256', sha256('boo').toUpperCase(), 10)
  expect(files).toMatchObject([
    { path: join(folder, 'deep/er/Evil.sh'), size: 3, hashes: { md5: md5('boo'), sha256: sha256('boo') } },
  ])
  expect((await it.filesWithHash('sha256', 'no hash', 10)).files).toEqual([])
})

test('until the first walk is done an answer says that it is partial, and later as of when it is whole', async () => {
  file('one')
  const before = Date.now() * 1_000
  const it = inventory()
  await it.filesWithName('*', 1) // the thread runs
  await complete(it)
  const answer = await it.filesWithName('one', 10)
  expect(answer).toMatchObject({ complete: true, why: [], isCut: false })
  expect(answer.asOf).toBeGreaterThanOrEqual(before)
  const none = new Inventory({ ...{ stateDir: state, exclude: [], cores: 1, roots: [folder] }, log: noLog })
  expect(await none.filesWithName('one', 10)).toMatchObject({
    complete: false,
    asOf: 0,
    why: ['the inventory does not run'],
  })
})

const noLog = { info: () => undefined, warn: () => undefined }

test('what events tell is there without another walk, and what is gone is not', async () => {
  file('stays')
  file('goes')
  file('moves')
  const it = inventory()
  it.live(true)
  await complete(it)
  await until('three files are there', async () => (await it.filesWithName('*', 10)).files.length === 3)
  file('comes', 'new')
  rmSync(join(folder, 'goes'))
  renameSync(join(folder, 'moves'), join(folder, 'moved'))
  for (const each of [event('create', 'comes'), event('delete', 'goes'), event('rename', 'moved', 'moves')])
    it.noticed(each)
  await until('what happened is known', async () => (await namesOf(it, '*')).join() === 'comes,moved,stays')
  await until(
    'the new file is hashed',
    async () => (await it.filesWithHash('md5', md5('new'), 1)).files.length === 1,
  )
})

test('a folder that is moved takes its files with it', async () => {
  mkdirSync(join(folder, 'old/sub'), { recursive: true })
  file('old/sub/a')
  file('old/b')
  file('older', 'its name begins alike')
  const it = inventory()
  it.live(true)
  await complete(it)
  renameSync(join(folder, 'old'), join(folder, 'new'))
  it.noticed(event('rename', 'new', 'old'))
  await until('the folder has moved', async () => (await namesOf(it, '*')).join() === 'new/b,new/sub/a,older')
})

test('a file that was changed is no longer found by the hash it had', async () => {
  file('it', 'before')
  const it = inventory()
  it.live(true)
  await complete(it)
  file('it', 'behind')
  utimesSync(join(folder, 'it'), 1, 1) // whoever writes may set any time of the last write
  it.noticed(event('write', 'it'))
  await until(
    'the old hash is forgotten',
    async () => (await it.filesWithHash('md5', md5('before'), 1)).files.length === 0,
  )
  await until(
    'it is hashed',
    async () => (await it.filesWithHash('md5', md5('behind'), 1)).files.length === 1,
  )
})

test('what a scan hashed is not hashed again', async () => {
  const it = inventory({ roots: [folder] })
  await complete(it)
  const digests = { md5: md5('y'), sha1: 'ab'.repeat(20), sha256: sha256('y') }
  const identity = { device: 1n, inode: 2n ** 63n - 1n, size: 1, modified: 5, changed: 6 }
  it.hashed([{ path: Buffer.from(join(folder, 'scanned')), ...identity, ...digests }])
  const { files } = await it.filesWithHash('sha1', digests.sha1, 1)
  expect(files).toMatchObject([{ path: join(folder, 'scanned'), size: 1, modified: 5, changed: 6 }])
  it.hashed([{ path: Buffer.from('/elsewhere'), ...identity, ...digests }])
  expect((await it.filesWithHash('sha1', digests.sha1, 9)).files).toHaveLength(1)
})

test('paths of one inode have one content, links and pipes are no files, and names need not be text', async () => {
  file('one', 'same')
  linkSync(join(folder, 'one'), join(folder, 'two'))
  symlinkSync(join(folder, 'one'), join(folder, 'link'))
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/bad-`), Buffer.of(0xff)]), 'bad')
  const it = inventory()
  await complete(it)
  const { files } = await it.filesWithHash('md5', md5('same'), 10)
  expect(files.map(({ path }) => path.slice(-3)).sort()).toEqual(['one', 'two'])
  expect(await namesOf(it, 'link')).toEqual([])
  expect((await it.filesWithHash('md5', md5('bad'), 1)).files).toMatchObject([
    { path: `${folder}/bad-\ufffd`, raw: Buffer.from(`${folder}/bad-`).toString('hex').concat('ff') },
  ])
})

test('what is excluded is not kept, also where it was kept before', async () => {
  mkdirSync(join(folder, 'private'))
  file('private/diary')
  file('public')
  const it = inventory()
  await complete(it)
  expect(await namesOf(it, '*')).toEqual(['private/diary', 'public'])
  it.use([join(folder, 'private')])
  await until('the diary is gone', async () => (await namesOf(it, '*')).join() === 'public')
  it.noticed(event('write', 'private/diary'))
  it.noticed(event('create', 'public'))
  await until('it is complete', async () => (await it.filesWithName('*', 9)).complete)
  expect(await namesOf(it, '*')).toEqual(['public'])
})

test('an answer is cut at its limit and says so', async () => {
  for (let count = 0; count < 5; count += 1) file(`file-${count}`)
  const it = inventory()
  await complete(it)
  for (const glob of ['file-*', '*', '*ile*', 'file-?', '??????']) {
    const [few, all] = [await it.filesWithName(glob, 3), await it.filesWithName(glob, 5)]
    expect([glob, few.files.length, few.isCut, all.files.length, all.isCut]).toEqual([
      glob,
      3,
      true,
      5,
      false,
    ])
  }
})

test('beyond its limits it takes no more files, and says so', async () => {
  for (let count = 0; count < 50; count += 1) file(`file-${count}`)
  const it = inventory({ limits: { files: 20, bytes: 1 << 30 } })
  await until('a walk is over', async () => (await it.filesWithName('*', 99)).asOf > 0)
  const answer = await it.filesWithName('*', 99)
  expect(answer.files).toHaveLength(20)
  expect(answer).toMatchObject({ complete: false })
  expect(answer.why).toContain('it is full')
})

test('what it knows is there after a restart, with the time as of which it is whole', async () => {
  file('kept')
  const first = inventory()
  await complete(first)
  const { asOf } = await first.filesWithName('kept', 1)
  await first.close()
  rmSync(join(folder, 'kept'))
  file('missed')
  const second = inventory({ cores: 1e-6 }) // it comes to no walk
  const answer = await second.filesWithName('*', 9)
  expect(answer.asOf).toBeGreaterThanOrEqual(asOf)
  const third = inventory()
  await until('the third has seen it', async () => (await namesOf(third, '*')).join() === 'missed')
})

test('a file that is no database is set aside, and filled again', async () => {
  file('one')
  writeFileSync(join(state, 'inventory.db'), 'no database'.repeat(1_000))
  const it = inventory()
  await complete(it)
  expect(await namesOf(it, '*')).toEqual(['one'])
  expect(warned).toEqual(['the inventory was corrupt and is filled again'])
  expect(readdirSync(state).filter((name) => name.includes('corrupt'))).toHaveLength(1)
})

test('of databases that were set aside only the last is kept', async () => {
  const aside = (stamp: number, end = '') => join(state, `inventory.db.corrupt-${stamp}${end}`)
  for (const each of [aside(1_000), aside(1_000, '-wal'), aside(2_000), aside(2_000, '-wal')])
    writeFileSync(each, '')
  const it = inventory()
  await complete(it)
  expect(
    readdirSync(state)
      .filter((name) => name.includes('corrupt'))
      .sort(),
  ).toEqual(['inventory.db.corrupt-2000', 'inventory.db.corrupt-2000-wal'])
})

test('a folder of a thousand files is compared, and those that went are gone', async () => {
  for (let count = 0; count < 1_000; count += 1) file(`many-${count}`)
  const first = inventory()
  await until(
    'a thousand are there',
    async () => (await first.filesWithName('many-*', 2_000)).files.length === 1_000,
  )
  await complete(first)
  await first.close()
  for (let count = 0; count < 1_000; count += 2) rmSync(join(folder, `many-${count}`))
  file('new', '')
  const second = inventory()
  await until(
    'five hundred are left',
    async () => (await second.filesWithName('many-*', 2_000)).files.length === 500,
  )
  await until(
    'the empty one is hashed',
    async () => (await second.filesWithHash('md5', md5(''), 9)).files.length === 1,
  )
})

test('killed while it fills, it goes on where it was', async () => {
  for (let count = 0; count < 3_000; count += 1) file(`many-${count}`)
  const child = spawn(
    process.execPath,
    [new URL('../testdata/inventory-child.ts', import.meta.url).pathname],
    {
      env: { ...process.env, STATE: state, ROOT: folder },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  await firstLine(child)
  child.kill('SIGKILL')
  await new Promise((resolve) => child.once('exit', resolve))
  const it = inventory()
  await until('all are there', async () => (await it.filesWithName('many-*', 5_000)).files.length === 3_000)
  await complete(it)
  expect(warned).toEqual([])
})

function firstLine(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve) => child.stdout?.once('data', resolve))
}
