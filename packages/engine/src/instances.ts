import {
  type Field,
  type Fields,
  type Instance,
  type Micros,
  type ProcessFacts,
  type RecordedEvent,
  unknownField,
} from '@tocsin/model'

/** A process with who created it, up to the first; `isComplete`: the chain reaches the first process of the system. */
export interface ProcessView {
  readonly facts: ProcessFacts
  readonly parent: ProcessView | null
  readonly isComplete: boolean
}

/** An instance with the facts that were recorded of it, for explanations. */
export interface Observed extends Instance {
  readonly facts: Fields
}

/** A chain of facts, acting process first, as a view. */
export function viewOf(chain: readonly ProcessFacts[], isComplete: boolean): ProcessView | undefined {
  return chain.reduceRight<ProcessView | undefined>(
    (parent, facts) => ({ facts, parent: parent ?? null, isComplete }),
    undefined,
  )
}

/** Subject of a Signal: one image of a process, which starts at its exec. */
export function imageKey({ facts }: ProcessView): string {
  return `${facts.key}@${facts.startedAt}`
}

/** The process image as conditions read it: itself, its creator and its ancestors. */
export function entryOf(view: ProcessView): Observed {
  return new ImageEntry(view)
}

/** Its key is made when something is found: most images meet nothing. */
class ImageEntry implements Observed {
  readonly object = 'process'
  readonly from = 'event'
  private readonly view: ProcessView
  /** What was read last: many programs ask the same, and of ancestors it has to be gathered. */
  private lastProperty = ''
  private lastField: Field = unknownField

  constructor(view: ProcessView) {
    this.view = view
  }

  get key(): string {
    return imageKey(this.view)
  }

  get at(): Micros {
    return this.view.facts.startedAt
  }

  get facts(): Fields {
    return this.view.facts.fields
  }

  read(property: string): Field {
    if (property !== this.lastProperty) {
      this.lastField = readProcess(this.view, property)
      this.lastProperty = property
    }
    return this.lastField
  }
}

/** An event as conditions read it: its own facts and those of its actor. */
export function eventInstance(event: RecordedEvent, actor: ProcessView | undefined): Observed {
  return {
    object: event.object,
    from: 'event',
    key: event.id,
    at: event.at,
    facts: event.fields,
    read: (property) => readEvent(event, actor, property),
  }
}

/** A scanned object with the facts the scanner has of it. */
export function stateInstance(object: Instance['object'], key: string, at: number, fields: Fields): Observed {
  return { object, from: 'state', key, at, facts: fields, read: (property) => own(fields, property) }
}

function readEvent(event: RecordedEvent, actor: ProcessView | undefined, property: string): Field {
  const field = Object.hasOwn(event.fields, property) ? event.fields[property] : undefined
  if (field !== undefined) return field
  if (property.startsWith('process.') && actor !== undefined) return readProcess(actor, property)
  return own(event.fields, property)
}

/** Either address and either port are the two that were recorded. */
const either: Readonly<Record<string, readonly [string, string]>> = {
  'network.address': ['network.local_address', 'network.remote_address'],
  'network.port': ['network.local_port', 'network.remote_port'],
  'connection.address': ['connection.local_address', 'connection.remote_address'],
  'connection.port': ['connection.local_port', 'connection.remote_port'],
}

function own(fields: Fields, property: string): Field {
  const field = Object.hasOwn(fields, property) ? fields[property] : undefined
  if (field !== undefined) return field
  const pair = either[property]
  return pair === undefined ? unknownField : union(pair.map((each) => fields[each] ?? unknownField))
}

function readProcess(view: ProcessView, property: string): Field {
  const name = property.slice('process.'.length)
  if (name.startsWith('parent_') && name !== 'parent_pid') {
    return view.parent === null
      ? withoutParent(view)
      : own(view.parent.facts.fields, `process.${name.slice(7)}`)
  }
  if (!name.startsWith('ancestry_')) return own(view.facts.fields, property)
  const fields: Field[] = []
  for (let above = view.parent; above !== null; above = above.parent) {
    fields.push(own(above.facts.fields, `process.${name.slice(9)}`))
  }
  const known = union(fields)
  return view.isComplete ? known : { values: known.values, whole: false }
}

function withoutParent(view: ProcessView): Field {
  return { values: [], whole: view.isComplete }
}

function union(fields: readonly Field[]): Field {
  return { values: fields.flatMap(({ values }) => values), whole: fields.every(({ whole }) => whole) }
}
