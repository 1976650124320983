import type { EventObject, Fields, Platform } from '@tocsin/model'
import type { Lineage, Step } from './step.ts'

/** What recorded events have told so far: how many of each object, with which properties, of which platforms. */
export class Delivered {
  readonly events = new Map<EventObject, number>()
  readonly platforms = new Set<Platform | undefined>()
  private readonly properties = new Map<EventObject, Set<string>>()

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

  /** Object → properties that some event or process had. */
  propertiesByObject(): Readonly<Record<string, readonly string[]>> {
    return Object.fromEntries([...this.properties].map(([object, names]) => [object, [...names]]))
  }

  has(property: string): boolean {
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
