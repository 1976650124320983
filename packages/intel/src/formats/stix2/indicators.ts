import type { Micros } from '@tocsin/model'
import type { Validity } from '../lowering/validity.ts'
import { microsOfTimestamp } from './pattern/timestamp.ts'

/** The languages of patterns that have a reader. */
export const languages = ['stix', 'yara', 'sigma', 'openioc', 'tanium-signal'] as const
export type Language = (typeof languages)[number]

/** An indicator whose pattern is ours to read. */
export interface Indicator {
  readonly id: string
  readonly language: Language
  readonly name: string | undefined
  readonly description: string | undefined
  readonly pattern: string
  readonly validity: Validity
}

export interface Bundle {
  readonly id: string | undefined
  readonly version: '2.0' | '2.1'
  readonly indicators: readonly Indicator[]
  /** Why some indicators are not among them. */
  readonly leftOut: readonly { readonly id: string; readonly why: string; readonly isExpected: boolean }[]
  /** What the bundle is about, if it says so. */
  readonly title: string | undefined
  readonly techniques: readonly { readonly id: string; readonly name: string }[]
}

type Json = Readonly<Record<string, unknown>>

/** The indicators of a bundle, of a list of objects, or of one object; of several versions the latest. */
export function bundleOf(body: unknown): Bundle {
  const root = isObject(body) ? body : {}
  const objects = (Array.isArray(body) ? body : Array.isArray(root.objects) ? root.objects : [body]).filter(
    isObject,
  )
  const indicators: Indicator[] = []
  const leftOut: { id: string; why: string; isExpected: boolean }[] = []
  for (const object of latest(objects.filter(({ type }) => type === 'indicator'))) {
    const read = indicatorOf(object)
    if ('why' in read) leftOut.push(read)
    else indicators.push(read)
  }
  return {
    id: textOf(root.id),
    version: [root, ...objects].some(({ spec_version }) => spec_version === '2.1') ? '2.1' : '2.0',
    indicators,
    leftOut,
    title: textOf(objects.find(({ type }) => isTitled(type))?.name),
    techniques: objects.flatMap(techniquesOf),
  }
}

function indicatorOf(object: Json): Indicator | Bundle['leftOut'][number] {
  const id = textOf(object.id) ?? 'an indicator without id'
  if (object.revoked === true) return { id, why: 'it is revoked', isExpected: true }
  const written = textOf(object.pattern_type)?.toLowerCase() ?? 'stix'
  const language = languages.find((each) => each === written)
  if (language === undefined)
    return {
      id,
      why: `its pattern is written in “${written.slice(0, 40)}”, which no endpoint reads`,
      isExpected: false,
    }
  if (typeof object.pattern !== 'string') return { id, why: 'it has no pattern', isExpected: false }
  return {
    id,
    language,
    name: textOf(object.name),
    description: textOf(object.description),
    pattern: object.pattern,
    validity: {
      from: microsOfTimestamp(textOf(object.valid_from) ?? ''),
      until: microsOfTimestamp(textOf(object.valid_until) ?? ''),
    },
  }
}

/** In the order of first mention. */
function latest(indicators: readonly Json[]): readonly Json[] {
  const byId = new Map<unknown, Json>()
  for (const indicator of indicators) {
    const known = byId.get(indicator.id)
    const isNewer = known === undefined || modifiedOf(indicator) >= modifiedOf(known)
    if (isNewer) byId.set(typeof indicator.id === 'string' ? indicator.id : indicator, indicator)
  }
  return [...byId.values()]
}

function modifiedOf({ modified }: Json): Micros {
  return microsOfTimestamp(textOf(modified) ?? '') ?? 0
}

function isTitled(type: unknown): boolean {
  return typeof type === 'string' && /^(?:report|campaign|malware|threat-actor|intrusion-set)$/.test(type)
}

function techniquesOf({ type, name, external_references: references }: Json): Bundle['techniques'] {
  if (type !== 'attack-pattern' || !Array.isArray(references)) return []
  return references
    .filter(isObject)
    .flatMap(({ source_name: source, external_id: id }) =>
      source === 'mitre-attack' && typeof id === 'string' && /^T\d{4}(?:\.\d{3})?$/.test(id)
        ? [{ id, name: textOf(name) ?? id }]
        : [],
    )
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
