import type { LoadedProgram } from '@tocsin/engine'
import type { Digest, Manifest, ManifestProfile, Platform, Program } from '@tocsin/model'
import { type ManifestRefusal, verifyManifest } from '@tocsin/protocol'
import { loadOne, type ProgramRefusal, parsed, programOf } from './load-programs.ts'
import { profileIn, programsFor } from './profile.ts'
import type { IntelStore } from './store.ts'

export interface Offer {
  /** Digest of the manifest's bytes. */
  readonly digest: Digest
  readonly signature: string
  /** The profile of this endpoint, where the server names one. */
  readonly profile?: number | undefined
}

export interface LoadedSet {
  readonly manifest: Manifest
  /** Whose programs these are, and by whose settings they run. */
  readonly profile: ManifestProfile
  readonly programs: readonly LoadedProgram[]
  readonly refused: readonly ProgramRefusal[]
}

export type Activation =
  | { readonly kind: 'activated'; readonly set: LoadedSet }
  | { readonly kind: 'refused'; readonly code: ManifestRefusal | 'missing-object'; readonly revision: number }

export interface ActivationTools {
  readonly store: IntelStore
  /** Programs of other platforms are left out; without it those are all but this machine's. */
  readonly platform?: Platform | undefined
  /** The pinned key that sets are signed with. */
  readonly programKey: string
  /** The object's bytes, verified; nothing if the server has none that are it. Throws where it cannot be asked. */
  readonly fetch: (digest: Digest) => Promise<Uint8Array | undefined>
  /** µs. */
  readonly now: () => number
}

/** Loading so long at a time, ms, then others have their turn. */
const longestTurn = 20
const atOnce = 4

/** Verifies an offered set, fetches what is missing, loads every program, and only then makes the set active. */
export async function activate(offer: Offer, tools: ActivationTools): Promise<Activation> {
  const { store, fetch } = tools
  const bytes = store.object(offer.digest) ?? (await fetch(offer.digest))
  if (bytes === undefined) return { kind: 'refused', code: 'missing-object', revision: 0 }
  const checked = verifyManifest(parsed(bytes), {
    signature: offer.signature,
    publicKey: tools.programKey,
    active: store.active()?.revision ?? 0,
    now: tools.now(),
  })
  if ('refusal' in checked) return { kind: 'refused', code: checked.refusal, revision: revisionIn(bytes) }
  const { manifest } = checked
  const profile = profileIn(manifest, offer.profile)
  const wanted = programsFor(profile, manifest).map(({ digest }) => digest)
  const isThere = await fetchMissing(wanted, tools)
  if (!isThere) return { kind: 'refused', code: 'missing-object', revision: manifest.revision }
  store.keep(offer.digest, bytes)
  const set = await loadSet({ manifest, profile }, store, tools.platform)
  const { digest, signature } = offer
  const active = { revision: manifest.revision, digest, signature, profile: profile.id }
  store.activate(active, namedBy(digest, wanted, store))
  return { kind: 'activated', set }
}

/** The set that was active before a restart; verified again, as its file may have been changed. */
export async function activeSet(store: IntelStore, programKey: string): Promise<LoadedSet | undefined> {
  const active = store.active()
  const bytes = active && store.object(active.digest)
  if (active === undefined || bytes === undefined) return undefined
  const checked = verifyManifest(parsed(bytes), {
    signature: active.signature,
    publicKey: programKey,
    active: active.revision,
    now: 0, // an expired set keeps running
  })
  if (!('manifest' in checked)) return undefined
  const { manifest } = checked
  return loadSet({ manifest, profile: profileIn(manifest, active.profile) }, store)
}

async function fetchMissing(
  programs: readonly Digest[],
  { store, fetch }: ActivationTools,
): Promise<boolean> {
  if (!(await fetchAll(programs, store, fetch))) return false
  return fetchAll(
    programs.flatMap((digest) => blobsOf(programOf(digest, store))),
    store,
    fetch,
  )
}

/** Several at a time; the first that cannot be had ends it. */
async function fetchAll(
  digests: readonly Digest[],
  store: IntelStore,
  fetch: ActivationTools['fetch'],
): Promise<boolean> {
  const missing = [...new Set(digests)].filter((digest) => !store.has(digest))
  let isThere = true
  const fetchNext = async (): Promise<void> => {
    for (let digest = missing.shift(); digest !== undefined && isThere; digest = missing.shift()) {
      const bytes = await fetch(digest)
      if (bytes === undefined) isThere = false
      else store.keep(digest, bytes)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, fetchNext))
  return isThere
}

async function loadSet(
  { manifest, profile }: Pick<LoadedSet, 'manifest' | 'profile'>,
  store: IntelStore,
  platform?: Platform,
): Promise<LoadedSet> {
  const programs: LoadedProgram[] = []
  const refused: ProgramRefusal[] = []
  let turn = Date.now()
  for (const { digest } of programsFor(profile, manifest)) {
    const loaded = loadOne(digest, store, platform)
    if (loaded !== undefined && 'digest' in loaded) programs.push(loaded)
    else if (loaded !== undefined) refused.push(loaded)
    if (Date.now() - turn < longestTurn) continue
    await new Promise((resolve) => setImmediate(resolve))
    turn = Date.now()
  }
  return { manifest, profile, programs, refused }
}

/** A program is only trusted as far as its signature, which says nothing of its shape. */
export function blobsOf(program: Program | undefined): readonly Digest[] {
  const blobs: unknown = program?.blobs
  if (!Array.isArray(blobs)) return []
  return blobs.filter((blob): blob is Digest => typeof blob === 'string' && /^[0-9a-f]{64}$/.test(blob))
}

function namedBy(
  manifestDigest: Digest,
  programs: readonly Digest[],
  store: IntelStore,
): ReadonlySet<Digest> {
  const blobs = programs.flatMap((digest) => blobsOf(programOf(digest, store)))
  return new Set([manifestDigest, ...programs, ...blobs])
}

function revisionIn(bytes: Uint8Array): number {
  const value = parsed(bytes)
  const revision = value !== null && typeof value === 'object' && 'revision' in value ? value.revision : 0
  return typeof revision === 'number' && Number.isSafeInteger(revision) && revision >= 0 ? revision : 0
}
