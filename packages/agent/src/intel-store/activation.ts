import { type LoadedProgram, load, ProgramRefused } from '@tocsin/engine'
import type { Digest, Manifest, Program } from '@tocsin/model'
import { type ManifestRefusal, verifyManifest } from '@tocsin/protocol'
import type { IntelStore } from './store.ts'

export interface Offer {
  /** Digest of the manifest's bytes. */
  readonly digest: Digest
  readonly signature: string
}

export interface ProgramRefusal {
  readonly program: Digest
  readonly code: string
  readonly message: string
}

export interface LoadedSet {
  readonly manifest: Manifest
  readonly programs: readonly LoadedProgram[]
  readonly refused: readonly ProgramRefusal[]
}

export type Activation =
  | { readonly kind: 'activated'; readonly set: LoadedSet }
  | { readonly kind: 'refused'; readonly code: ManifestRefusal | 'missing-object'; readonly revision: number }

export interface ActivationTools {
  readonly store: IntelStore
  /** The pinned key that sets are signed with. */
  readonly programKey: string
  readonly fetch: (digest: Digest) => Promise<Uint8Array>
  /** µs. */
  readonly now: () => number
}

/** Verifies an offered set, fetches what is missing, loads every program, and only then makes the set active. */
export async function activate(offer: Offer, tools: ActivationTools): Promise<Activation> {
  const { store } = tools
  const bytes = store.object(offer.digest) ?? (await tools.fetch(offer.digest))
  const active = store.active()?.revision ?? 0
  const checked = verifyManifest(parsed(bytes), {
    signature: offer.signature,
    publicKey: tools.programKey,
    active,
    now: tools.now(),
  })
  if ('refusal' in checked) return { kind: 'refused', code: checked.refusal, revision: revisionIn(bytes) }
  const { manifest } = checked
  try {
    await fetchMissing(manifest, tools)
  } catch {
    return { kind: 'refused', code: 'missing-object', revision: manifest.revision }
  }
  store.keep(offer.digest, bytes)
  const set = loadSet(manifest, store)
  store.activate({ revision: manifest.revision, ...offer }, namedBy(offer.digest, manifest, store))
  return { kind: 'activated', set }
}

/** The set that was active before a restart; verified again, as its file may have been changed. */
export function activeSet(store: IntelStore, programKey: string): LoadedSet | undefined {
  const active = store.active()
  const bytes = active && store.object(active.digest)
  if (active === undefined || bytes === undefined) return undefined
  const checked = verifyManifest(parsed(bytes), {
    signature: active.signature,
    publicKey: programKey,
    active: active.revision,
    now: 0, // an expired set keeps running
  })
  return 'manifest' in checked ? loadSet(checked.manifest, store) : undefined
}

async function fetchMissing(manifest: Manifest, { store, fetch }: ActivationTools): Promise<void> {
  for (const { digest } of manifest.programs) {
    if (!store.has(digest)) store.keep(digest, await fetch(digest))
    for (const blob of programOf(digest, store)?.blobs ?? []) {
      if (!store.has(blob)) store.keep(blob, await fetch(blob))
    }
  }
}

function loadSet(manifest: Manifest, store: IntelStore): LoadedSet {
  const programs: LoadedProgram[] = []
  const refused: ProgramRefusal[] = []
  for (const { digest } of manifest.programs) {
    try {
      const program = programOf(digest, store)
      if (program === undefined) throw new ProgramRefused('malformed', 'the program cannot be read')
      const loaded = load(program, (blob) => store.object(blob))
      if (runsHere(program)) programs.push({ ...loaded, digest })
    } catch (error) {
      const code = error instanceof ProgramRefused ? error.code : 'malformed'
      refused.push({
        program: digest,
        code,
        message: String(error instanceof Error ? error.message : error).slice(0, 900),
      })
    }
  }
  return { manifest, programs, refused }
}

const platforms = { linux: 'linux', win32: 'windows', darwin: 'macos' } as const

function runsHere({ platforms: wanted }: Program): boolean {
  const here = platforms[process.platform as keyof typeof platforms]
  return wanted.length === 0 || wanted.includes(here)
}

function programOf(digest: Digest, store: IntelStore): Program | undefined {
  const bytes = store.object(digest)
  const value = bytes === undefined ? undefined : parsed(bytes)
  return value !== null && typeof value === 'object' && 'condition' in value ? (value as Program) : undefined
}

function namedBy(manifestDigest: Digest, manifest: Manifest, store: IntelStore): ReadonlySet<Digest> {
  const programs = manifest.programs.map(({ digest }) => digest)
  const blobs = programs.flatMap((digest) => programOf(digest, store)?.blobs ?? [])
  return new Set([manifestDigest, ...programs, ...blobs])
}

function revisionIn(bytes: Uint8Array): number {
  const value = parsed(bytes)
  const revision = value !== null && typeof value === 'object' && 'revision' in value ? value.revision : 0
  return typeof revision === 'number' && Number.isSafeInteger(revision) && revision >= 0 ? revision : 0
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return null
  }
}
