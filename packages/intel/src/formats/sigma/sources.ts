import type { ObjectKind, Platform } from '@tocsin/model'
import { type Category, categories, services } from './categories.ts'
import type { LogSource } from './log-source.ts'
import { whyUnrecorded } from './not-recorded.ts'
import type { FieldTarget } from './targets.ts'

/** Where a log source's events are seen here. */
export interface Source {
  readonly object: ObjectKind
  readonly platforms: readonly Platform[]
  /** The operations that the log source is about; none: all of them. */
  readonly operations: readonly string[]
  /** Why no endpoint records it; nothing if one does. */
  readonly unrecorded?: string
  readonly targetOf: (field: string) => FieldTarget | undefined
  /** The properties that keywords are searched in. */
  readonly keywords: readonly string[]
}

/** The object and the fields that a log source stands for; one that nobody records has none. */
export function sourceOf(about: LogSource): Source {
  const product = platformsOf(about.product)
  const chosen = product === undefined ? undefined : categoryOf(about)
  if (product === undefined || chosen === undefined) return unrecorded(product, whyUnrecorded(about))
  const { object, operations, fields, keywords } = chosen
  const platforms = bothOf(product, chosen.platforms)
  if (platforms === undefined) return unrecorded(product, `${about.product} has no such events`)
  const names = new Map([...fields].map(([name, target]) => [name.toLowerCase(), target]))
  return {
    object,
    operations,
    keywords,
    platforms,
    targetOf: (field) => names.get(field.toLowerCase()) ?? chosen.others?.(field),
  }
}

/** Sysmon is what most categories were named after, so naming it says nothing more. */
function categoryOf({ category, product, service }: LogSource): Category | undefined {
  if (service === undefined || service === 'sysmon') return categories.get(category ?? '')
  return services.get(`${category ?? product}/${service}`)
}

function unrecorded(platforms: readonly Platform[] = [], why: string): Source {
  return {
    object: 'host',
    operations: [],
    keywords: [],
    platforms,
    unrecorded: why,
    targetOf: () => undefined,
  }
}

/** Nothing for a product that is no platform; none for a rule that names no product. */
function platformsOf(product: string | undefined): readonly Platform[] | undefined {
  if (product === undefined) return []
  return product === 'linux' || product === 'windows' || product === 'macos' ? [product] : undefined
}

/** Platforms of the rule that have such events; nothing if none has. */
function bothOf(
  product: readonly Platform[],
  having: readonly Platform[] | undefined,
): readonly Platform[] | undefined {
  if (having === undefined) return product
  if (product.length === 0) return having
  const both = product.filter((platform) => having.includes(platform))
  return both.length === 0 ? undefined : both
}
