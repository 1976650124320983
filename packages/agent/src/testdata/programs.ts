import {
  type Condition,
  canonicalBytes,
  type Digest,
  digestOf,
  digestOfBytes,
  type EndpointSettings,
  type Manifest,
  type ManifestProfile,
  type Program,
  type Term,
} from '@tocsin/model'
import { keyIdOf, publicKeyOf, sign } from '@tocsin/protocol'

export const secretKey = new Uint8Array(32).fill(7)
export const programKey = publicKeyOf(secretKey)

export function term(property: string, comparison: Term['comparison'], value: string): Term {
  return {
    kind: 'term',
    object: property.slice(0, property.indexOf('.')) as Term['object'],
    property,
    comparison,
    operand: { kind: 'values', values: [value] },
    apply: 'any',
    negate: false,
    text: { exact: false },
  }
}

let lastIntel = 0

export function programOf(condition: Condition, more: Partial<Program> = {}): Program {
  lastIntel += 1
  return {
    contract: 1,
    intel: { id: lastIntel, revision: 1, kind: 'openioc', name: `document ${lastIntel}` },
    subject: 'host',
    condition,
    platforms: [],
    blobs: [],
    needs: [],
    ...more,
  }
}

export interface Made {
  readonly program: Program
  readonly digest: Digest
  readonly objects: ReadonlyMap<Digest, Uint8Array>
}

export function made(program: Program, blobs: readonly Uint8Array[] = []): Made {
  const digest = digestOf(program)
  const objects = new Map([[digest, canonicalBytes(program)]])
  for (const blob of blobs) objects.set(digestOfBytes(blob), blob)
  return { program, digest, objects }
}

export function yaraProgram(text: string): Made {
  const blob = new TextEncoder().encode(text)
  const source = digestOfBytes(blob)
  const condition: Condition = { kind: 'content', source, engines: ['yara-x'], modules: [], of: 'file' }
  return made(programOf(condition, { blobs: [source] }), [blob])
}

export interface SignedSet {
  readonly digest: Digest
  readonly signature: string
  readonly manifest: Manifest
  readonly objects: Map<Digest, Uint8Array>
}

/** A signed set of programs, with all objects that it names. */
export function signedSet(
  revision: number,
  programs: readonly Made[],
  more: {
    readonly settings?: EndpointSettings
    readonly profiles?: readonly ManifestProfile[]
    readonly key?: Uint8Array
    readonly expiresAt?: number
  } = {},
): SignedSet {
  const key = more.key ?? secretKey
  const manifest: Manifest = {
    contract: 1,
    revision,
    previous: revision - 1,
    issuedAt: 1_000,
    expiresAt: more.expiresAt ?? 9_000_000_000_000_000,
    keyId: keyIdOf(publicKeyOf(key)),
    programs: programs.map(({ program, digest }) => ({ digest, intel: program.intel.id, revision: 1 })),
    settings: more.settings ?? { scanRoots: ['/nowhere'], scanExclude: [] },
    ...(more.profiles === undefined ? {} : { profiles: more.profiles }),
  }
  const bytes = canonicalBytes(manifest)
  const digest = digestOfBytes(bytes)
  const objects = new Map([[digest, bytes], ...programs.flatMap((each) => [...each.objects])])
  return { digest, signature: sign(manifest, key), manifest, objects }
}
