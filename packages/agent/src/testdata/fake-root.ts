import { chmodSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Field, Literal } from '@tocsin/model'
import type { StateProvider } from '../scan/state/provider.ts'
import { StateReading } from '../scan/state/state-reading.ts'

/** What lies at a path: a text, bytes, or a link. */
export type Lying = string | Uint8Array | { readonly link: string }

/** A folder that stands for the root of a machine. */
export function fakeRoot(files: Readonly<Record<string, Lying>>): string {
  const root = mkdtempSync(join(tmpdir(), 'tocsin-root-'))
  for (const [path, what] of Object.entries(files)) {
    const place = join(root, path)
    mkdirSync(dirname(place), { recursive: true })
    if (typeof what === 'object' && 'link' in what) symlinkSync(what.link, place)
    else {
      writeFileSync(place, what)
      if (typeof what === 'string' && what.startsWith('#!')) chmodSync(place, 0o755)
    }
  }
  return root
}

export interface Told {
  /** By key: of each property its value, its values, null where it has none, `?` where more may be, `??` where nothing is known. */
  readonly objects: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly skipped: Readonly<Record<string, number>>
  readonly unknown: Readonly<Record<string, string>>
}

/** All that a provider tells of a root. */
export async function told(provider: StateProvider, root: string): Promise<Told> {
  const foreign = { points: new Set<string>(), devices: new Set<bigint>() }
  const reading = new StateReading({ abort: new AbortController().signal, root, foreign })
  const objects: Record<string, Record<string, unknown>> = {}
  for await (const { key, facts } of reading.objects(provider)) {
    objects[key] = Object.fromEntries(
      Object.entries(facts).map(([property, field]) => [
        property.slice(property.indexOf('.') + 1),
        plain(field),
      ]),
    )
  }
  return {
    objects,
    skipped: Object.fromEntries(reading.skipped),
    unknown: Object.fromEntries(reading.unknown),
  }
}

function plain({ values, whole }: Field): unknown {
  if (values.length === 0) return whole ? null : '??'
  const all = values.map((value) => (isTime(value) ? new Date(value.time / 1_000).toISOString() : value))
  if (!whole) return [...all, '?']
  return all.length === 1 ? all[0] : all
}

function isTime(value: unknown): value is Literal & { readonly time: number } {
  return value !== null && typeof value === 'object' && 'time' in value
}
