import { type Hints, parseDisposition } from '@tocsin/intel'
import type { Kind, Platform } from '@tocsin/model'

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>

/** The `type:` header in the spellings seen; `ioc` comes with updates, `openioc` with creations. */
const kinds: Readonly<Record<string, Kind>> = {
  openioc: 'openioc',
  ioc: 'openioc',
  stix: 'stix',
  cybox: 'cybox',
  yara: 'yara',
  'tanium-signal': 'tanium-signal',
  signal: 'tanium-signal',
  sigma: 'sigma',
}

/** What an upload's headers say of the document; the body decides in the end. */
export function hintsOf(headers: Headers): Hints {
  const disposition = one(headers, 'content-disposition')
  const fileName = disposition === undefined ? undefined : parseDisposition(disposition)
  const kind = kinds[one(headers, 'type')?.trim().toLowerCase() ?? '']
  const name = one(headers, 'name')?.slice(0, 500)
  const description = one(headers, 'description')?.slice(0, 5_000)
  return {
    ...(fileName === undefined || fileName === null ? {} : { fileName }),
    ...(kind === undefined ? {} : { kind }),
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
  }
}

/**
 * One client updates YARA with a dictionary where text was meant, so the body arrives as
 * `filename=…&document=…&name=…&description=…`; what it meant is taken out of it.
 */
export function unwrapped(
  bytes: Uint8Array,
  hints: Hints,
): { readonly bytes: Uint8Array; readonly hints: Hints } {
  const head = new TextDecoder().decode(bytes.subarray(0, 4_096))
  if (
    !/^(filename|document|name|description)=/.test(head) ||
    !/(^|&)document=/.test(new TextDecoder().decode(bytes))
  ) {
    return { bytes, hints }
  }
  const form = new URLSearchParams(new TextDecoder().decode(bytes))
  const fileName = form.get('filename')
  const name = form.get('name')
  const description = form.get('description')
  return {
    bytes: new TextEncoder().encode(form.get('document') ?? ''),
    hints: {
      ...hints,
      ...(fileName === null ? {} : { fileName }),
      ...(name === null ? {} : { name }),
      ...(description === null ? {} : { description }),
    },
  }
}

/** Platforms as Tanium spells them. */
const wirePlatforms: Readonly<Record<Platform, string>> = { linux: 'linux', windows: 'windows', macos: 'mac' }

export function wirePlatformsOf(platforms: readonly Platform[]): readonly string[] | null {
  return platforms.length === 0 ? null : platforms.map((platform) => wirePlatforms[platform])
}

/** Tanium's `type` of a document; `typeVersion` tells STIX 1, CybOX and STIX 2 apart. */
const wireTypes: Readonly<Record<Kind, string>> = {
  'tanium-signal': 'tanium-signal',
  openioc: 'openioc',
  stix: 'stix',
  cybox: 'stix',
  stix2: 'stix',
  yara: 'yara',
  sigma: 'sigma',
  misp: 'openioc',
  list: 'openioc',
}

export function wireTypeOf(kind: Kind): string {
  return wireTypes[kind]
}

/** The true kinds behind a wire type, for filters. */
export function kindsOf(wireType: string): readonly Kind[] {
  return (Object.keys(wireTypes) as Kind[]).filter((kind) => wireTypes[kind] === wireType)
}

function one(headers: Headers, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' ? value : value?.[0]
}
