import { coverage } from '@tocsin/intel'
import type { EventObject, Fields, Platform, Program } from '@tocsin/model'
import type { Lineage, Step } from '@tocsin/telemetry'

/** What the events have told, so that it can be said which documents they cannot answer. */
export class Delivered {
  readonly events = new Map<EventObject, number>()
  private readonly properties = new Map<EventObject, Set<string>>()
  private readonly platforms = new Set<Platform | undefined>()

  see(step: Step): void {
    if (step.kind === 'end') return
    this.platforms.add(step.platform)
    // What is newly known of a process is told before the event that tells it.
    if (step.kind !== 'event') {
      this.seeProcess(step.process)
      return
    }
    const { object, fields } = step.event
    this.events.set(object, (this.events.get(object) ?? 0) + 1)
    this.add(object, object, fields)
  }

  /** Why the document can match none of these events; nothing if it can. */
  obstacleOf(program: Program): string | undefined {
    const events = Object.fromEntries([...this.properties].map(([object, names]) => [object, [...names]]))
    const platform = this.platformFor(program)
    if (platform === undefined)
      return `it is meant for ${program.platforms.join(' and ')}, the events are of ${[...this.platforms].join(' and ')}`
    const { live, because } = coverage(program, {
      platform,
      contracts: [program.contract],
      privileged: true,
      events,
      state: {},
      historySince: null,
      yara: [],
      why: {},
    })
    if (live !== 'never') return undefined
    const named = because.flatMap(({ property }) => property ?? [])
    const missing = [...new Set(named)].filter((property) => !this.has(property)).map(written)
    if (missing.length === 0) return 'it asks for what only a scan can see'
    const list = missing.slice(0, 5).join(', ')
    return `it reads ${list}${missing.length > 5 ? ` and ${missing.length - 5} more` : ''}, which no event here has`
  }

  /** A platform that lets the document count; nothing where all events are of others. */
  private platformFor({ platforms }: Program): Platform | undefined {
    const [first = 'windows'] = platforms
    if (platforms.length === 0 || this.platforms.size === 0 || this.platforms.has(undefined)) return first
    return platforms.find((platform) => this.platforms.has(platform))
  }

  private has(property: string): boolean {
    return [...this.properties.values()].some((names) => names.has(property))
  }

  private seeProcess(lineage: Lineage): void {
    const { facts, parent } = lineage
    this.add('process', 'process', facts.fields)
    for (let above = parent; above !== null; above = above.parent) {
      const name = above === parent ? 'process.parent_' : 'process.ancestry_'
      this.add('process', name, above.facts.fields)
      if (above === parent) this.add('process', 'process.ancestry_', above.facts.fields)
    }
  }

  /** `prefix` stands in the place of `process.` where the facts are those of a parent. */
  private add(object: EventObject, prefix: string, fields: Fields): void {
    const names = this.properties.get(object) ?? new Set()
    this.properties.set(object, names)
    for (const [property, { values, whole }] of Object.entries(fields)) {
      if (!whole && values.length === 0) continue
      names.add(prefix.endsWith('_') ? property.replace('process.', prefix) : property)
      if (object === 'network') names.add(property.replace(/^network\.(?:local|remote)_/, 'network.'))
    }
  }
}

/** The name of a foreign property without what it is foreign to. */
function written(property: string): string {
  return property.replace(/^foreign:[^/]*\//, '')
}
