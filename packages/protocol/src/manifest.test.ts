import type { Manifest } from '@tocsin/model'
import { expect, test } from 'vitest'
import { verifyManifest } from './manifest.ts'
import { keyIdOf, publicKeyOf, sign } from './signatures.ts'

const secret = new Uint8Array(32).fill(7)
const publicKey = publicKeyOf(secret)
const manifest: Manifest = {
  contract: 1,
  revision: 5,
  previous: 4,
  issuedAt: 1_000,
  expiresAt: 9_000,
  keyId: keyIdOf(publicKey),
  programs: [{ digest: 'a'.repeat(64), intel: 1, revision: 1 }],
  settings: { scanRoots: ['/tmp'], scanExclude: [] },
}
const check = { signature: sign(manifest, secret), publicKey, active: 4, now: 2_000 }

test('a manifest signed by the pinned key is accepted', () => {
  expect(verifyManifest(manifest, check)).toEqual({ manifest })
})

test('a budget is accepted within its bounds, and a set without one says nothing of it', () => {
  const withBudget = (budget: { cpuPercent: number; memoryMiB: number }) => {
    const other = { ...manifest, settings: { ...manifest.settings, budget } }
    return verifyManifest(other, { ...check, signature: sign(other, secret) })
  }
  const budget = { cpuPercent: 10, memoryMiB: 300 }
  expect(withBudget(budget)).toMatchObject({ manifest: { settings: { budget } } })
  for (const wrong of [{ cpuPercent: 0 }, { cpuPercent: 101 }, { memoryMiB: 127 }, { memoryMiB: 4_097 }])
    expect(withBudget({ ...budget, ...wrong })).toEqual({ refusal: 'malformed' })
})

test('one changed byte, another key, an older revision and an expired set are each refused', () => {
  const other = publicKeyOf(new Uint8Array(32).fill(8))
  const changed = { ...manifest, settings: { scanRoots: ['/tmq'], scanExclude: [] } }
  expect(verifyManifest(changed, check)).toEqual({ refusal: 'bad-signature' })
  expect(verifyManifest(manifest, { ...check, publicKey: other })).toEqual({ refusal: 'wrong-key' })
  expect(verifyManifest(manifest, { ...check, active: 6 })).toEqual({ refusal: 'older-revision' })
  expect(verifyManifest(manifest, { ...check, now: 10_000 })).toEqual({ refusal: 'expired' })
  expect(verifyManifest({ ...manifest, extra: 1 }, check)).toEqual({ refusal: 'malformed' })
  expect(verifyManifest(manifest, { ...check, signature: 'zz' })).toEqual({ refusal: 'bad-signature' })
})
