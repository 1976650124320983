import { coverage } from '@tocsin/intel'
import type { Platform, Program } from '@tocsin/model'
import type { Delivered } from '@tocsin/telemetry'

/** Why the document can match none of the events that were told; nothing if it can. */
export function obstacleOf(program: Program, delivered: Delivered): string | undefined {
  const platform = platformFor(program, delivered)
  if (platform === undefined)
    return `it is meant for ${program.platforms.join(' and ')}, the events are of ${[...delivered.platforms].join(' and ')}`
  const { live, because } = coverage(program, {
    platform,
    contracts: [program.contract],
    privileged: true,
    events: delivered.propertiesByObject(),
    state: {},
    historySince: null,
    yara: [],
    why: {},
  })
  if (live !== 'never') return undefined
  const named = because.flatMap(({ property }) => property ?? [])
  const missing = [...new Set(named)].filter((property) => !delivered.has(property)).map(written)
  if (missing.length === 0) return 'it asks for what only a scan can see'
  const list = missing.slice(0, 5).join(', ')
  return `it reads ${list}${missing.length > 5 ? ` and ${missing.length - 5} more` : ''}, which no event here has`
}

/** A platform that lets the document count; nothing where all events are of others. */
function platformFor({ platforms }: Program, delivered: Delivered): Platform | undefined {
  const [first = 'windows'] = platforms
  const told = delivered.platforms
  if (platforms.length === 0 || told.size === 0 || told.has(undefined)) return first
  return platforms.find((platform) => told.has(platform))
}

/** The name of a foreign property without what it is foreign to. */
function written(property: string): string {
  return property.replace(/^foreign:[^/]*\//, '')
}
