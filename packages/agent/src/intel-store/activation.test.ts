import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { canonicalBytes } from '@tocsin/model'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  made,
  programKey,
  programOf,
  type SignedSet,
  signedSet,
  term,
  yaraProgram,
} from '../testdata/programs.ts'
import { activate, activeSet } from './activation.ts'
import { IntelStore } from './store.ts'

let folder = ''
let store: IntelStore
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-store-'))
  store = new IntelStore(folder)
})
afterEach(() => {
  store.close()
  rmSync(folder, { recursive: true, force: true })
})

const one = made(programOf(term('file.name', 'is', 'evil')))
const two = yaraProgram('rule two { condition: true }')

function offer(set: SignedSet, more: { readonly fetched?: string[]; readonly now?: number } = {}) {
  return activate(set, {
    store,
    programKey,
    fetch: async (digest) => {
      more.fetched?.push(digest)
      return set.objects.get(digest)
    },
    now: () => more.now ?? 2_000,
  })
}

const names = (set: Awaited<ReturnType<typeof activeSet>>) => set?.programs.map(({ digest }) => digest)

test('a set is fetched, loaded and made active, and runs again after a restart', async () => {
  const activation = await offer(signedSet(3, [one, two]))
  expect(activation.kind === 'activated' && names(activation.set)).toEqual([one.digest, two.digest])
  store.close()
  store = new IntelStore(folder)
  expect(names(await activeSet(store, programKey))).toEqual([one.digest, two.digest])
})

test('only what is missing is fetched, and what no set names is forgotten', async () => {
  await offer(signedSet(1, [one, two]))
  const fetched: string[] = []
  const next = signedSet(2, [two, made(programOf(term('file.name', 'is', 'other')))])
  await offer(next, { fetched })
  expect(fetched).toEqual([next.digest, next.manifest.programs[1]?.digest])
  expect(store.has(one.digest)).toBe(false)
  expect(store.has(two.digest)).toBe(true)
})

test('a set whose bytes were changed is refused, and what ran goes on', async () => {
  await offer(signedSet(1, [one]))
  const set = signedSet(2, [two])
  const changed = canonicalBytes({ ...set.manifest, settings: { scanRoots: ['/'], scanExclude: [] } })
  set.objects.set(set.digest, changed)
  expect(await offer(set)).toEqual({ kind: 'refused', code: 'bad-signature', revision: 2 })
  expect(store.active()?.revision).toBe(1)
})

test('a set of another key is refused', async () => {
  const set = signedSet(1, [one], { key: new Uint8Array(32).fill(9) })
  expect(await offer(set)).toEqual({ kind: 'refused', code: 'wrong-key', revision: 1 })
  const forged = { ...signedSet(1, [one]), signature: set.signature }
  expect(await offer(forged)).toEqual({ kind: 'refused', code: 'bad-signature', revision: 1 })
})

test('an older revision is refused, the same one is fine', async () => {
  await offer(signedSet(5, [one]))
  expect(await offer(signedSet(4, [two]))).toEqual({ kind: 'refused', code: 'older-revision', revision: 4 })
  expect((await offer(signedSet(5, [one]))).kind).toBe('activated')
  expect(names(await activeSet(store, programKey))).toEqual([one.digest])
})

test('a set that has expired before it came is refused; one that expires while it runs goes on', async () => {
  const set = signedSet(1, [one], { expiresAt: 5_000 })
  expect(await offer(set, { now: 6_000 })).toMatchObject({ code: 'expired' })
  expect((await offer(set, { now: 4_000 })).kind).toBe('activated')
  expect(names(await activeSet(store, programKey))).toEqual([one.digest])
})

test('a set with an object that cannot be had is refused as a whole', async () => {
  const set = signedSet(2, [one, two])
  set.objects.delete(two.digest)
  expect(await offer(set)).toEqual({ kind: 'refused', code: 'missing-object', revision: 2 })
  expect(store.active()).toBeUndefined()
})

test('where the server cannot be asked, nothing is refused and nothing changes', async () => {
  const set = signedSet(2, [one])
  const failing = () => Promise.reject(new Error('gone'))
  await expect(activate(set, { store, programKey, fetch: failing, now: () => 2_000 })).rejects.toThrow('gone')
  expect(store.active()).toBeUndefined()
})

test('a manifest that is no manifest is refused', async () => {
  const set = signedSet(1, [one])
  for (const bytes of [Buffer.from('{'), Buffer.from('null'), Buffer.from([0xff, 0xfe])]) {
    set.objects.set(set.digest, bytes)
    expect(await offer(set)).toMatchObject({ kind: 'refused', code: 'malformed' })
  }
})

test('a program that cannot run here is refused alone, the others run', async () => {
  const future = made(programOf(term('file.name', 'is', 'x'), { contract: 2 as never }))
  const broken = made({ condition: { kind: 'and', parts: [] } } as never)
  const noProgram = made([] as never)
  const blobless = made(programOf(two.program.condition))
  const programs = [future, one, broken, noProgram, blobless].map((each) =>
    'intel' in each.program ? each : { ...each, program: one.program },
  )
  const activation = await offer(signedSet(1, programs))
  if (activation.kind !== 'activated') throw new Error(activation.code)
  expect(names(activation.set)).toEqual([one.digest])
  expect(activation.set.refused.map(({ code }) => code)).toEqual([
    'contract',
    'contract',
    'malformed',
    'blob-missing',
  ])
})

test('a program of another platform neither runs nor is refused', async () => {
  const windows = made(programOf(term('registry.key_path', 'contains', 'run'), { platforms: ['windows'] }))
  const activation = await offer(signedSet(1, [windows, one]))
  if (activation.kind !== 'activated') throw new Error(activation.code)
  expect(names(activation.set)).toEqual([one.digest])
  expect(activation.set.refused).toEqual([])
})

test('an object that was changed on disk does not run and is fetched again', async () => {
  await offer(signedSet(1, [one, two]))
  store.close()
  const database = new DatabaseSync(join(folder, 'intel.db'))
  const bytes = canonicalBytes(programOf(term('file.name', 'is', 'harmless')))
  database.prepare('update objects set bytes = ? where digest = ?').run(bytes, one.digest)
  database.close()
  store = new IntelStore(folder)
  expect(names(await activeSet(store, programKey))).toEqual([two.digest])
  expect(store.has(one.digest)).toBe(false)
  const fetched: string[] = []
  await offer(signedSet(1, [one, two]), { fetched })
  expect(fetched).toEqual([one.digest])
  expect(names(await activeSet(store, programKey))).toEqual([one.digest, two.digest])
})

test('a set that was changed on disk does not run', async () => {
  await offer(signedSet(1, [one]))
  expect(await activeSet(store, 'ab'.repeat(32))).toBeUndefined()
})

test('a store that is no database is set aside and begun anew', () => {
  store.close()
  rmSync(join(folder, 'intel.db-wal'), { force: true })
  rmSync(join(folder, 'intel.db'))
  const database = join(folder, 'intel.db')
  writeFileSync(database, 'no database at all, but long enough to have a header '.repeat(50))
  const asides: string[] = []
  store = new IntelStore(folder, (aside) => asides.push(aside))
  expect(asides).toHaveLength(1)
  expect(store.active()).toBeUndefined()
})

test('rules that were set aside are remembered while their text is deployed', async () => {
  await offer(signedSet(1, [two]))
  const [source = ''] = two.program.blobs
  const entry = { source, rule: 'two', code: 'rule.too-slow', message: 'two: slow' } as const
  store.noteQuarantined(entry)
  expect(store.quarantined()).toEqual([entry])
  await offer(signedSet(2, [one]))
  expect(store.quarantined()).toEqual([])
})

const settings = { scanRoots: ['/nowhere'], scanExclude: [] }
const profiles = [
  { id: 1, name: 'All computers', intel: [one.program.intel.id], settings },
  { id: 7, name: 'Servers', intel: 'all' as const, settings: { ...settings, rescanHours: 5 } },
]

test('only the programs of its profile are fetched and run; another profile of the set fetches what it lacks', async () => {
  const set = signedSet(1, [one, two], { profiles })
  const fetched: string[] = []
  const first = await offer(set, { fetched })
  expect(first.kind === 'activated' && names(first.set)).toEqual([one.digest])
  expect(fetched).not.toContain(two.digest)
  const other = await activate(
    { ...set, profile: 7 },
    { store, programKey, fetch: async (digest) => set.objects.get(digest), now: () => 2_000 },
  )
  expect(other.kind === 'activated' && names(other.set)).toEqual([one.digest, two.digest])
  store.close()
  store = new IntelStore(folder)
  const again = await activeSet(store, programKey)
  expect([names(again), again?.profile]).toEqual([[one.digest, two.digest], profiles[1]])
})

test('a profile that the set does not have is the shipped one', async () => {
  const set = signedSet(1, [one, two], { profiles })
  const activation = await activate(
    { ...set, profile: 99 },
    { store, programKey, fetch: async (digest) => set.objects.get(digest), now: () => 2_000 },
  )
  expect(activation.kind === 'activated' && activation.set.profile.id).toBe(1)
})
