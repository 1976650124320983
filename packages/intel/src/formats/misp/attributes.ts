/** One attribute that its author means for detection. */
export interface Attribute {
  readonly type: string
  readonly value: string
  /** The role in its object, such as `fullpath`. */
  readonly relation: string | null
}

/** What an event tells: attributes that count alone, and objects whose attributes count together. */
export interface MispEvent {
  readonly uuid: string | null
  readonly info: string | null
  readonly techniques: readonly { readonly id: string; readonly name: string }[]
  readonly alone: readonly Attribute[]
  readonly together: readonly { readonly name: string; readonly attributes: readonly Attribute[] }[]
}

type Json = Readonly<Record<string, unknown>>

/** The events of a JSON body: one event, a list, or the answer of MISP's search. */
export function eventsOf(body: unknown): readonly MispEvent[] {
  if (Array.isArray(body)) return body.flatMap((item: unknown) => (isJson(item) ? eventsOfObject(item) : []))
  return isJson(body) ? eventsOfObject(body) : []
}

function eventsOfObject(body: Json): readonly MispEvent[] {
  if (isJson(body.Event)) return [readEvent(body.Event)]
  // Attributes that were searched for come without their event.
  if (isJson(body.response) && Array.isArray(body.response.Attribute)) return [readEvent(body.response)]
  const { response } = body
  const items = Array.isArray(response) ? response : [response]
  return items.flatMap((item: unknown) => (isJson(item) && isJson(item.Event) ? [readEvent(item.Event)] : []))
}

function readEvent(event: Json): MispEvent {
  return {
    uuid: textOf(event.uuid),
    info: textOf(event.info),
    techniques: techniquesOf(event),
    alone: listOf(event.Attribute).flatMap(detecting),
    together: listOf(event.Object)
      .filter(({ deleted }) => !isTrue(deleted))
      .map((object) => ({
        name: textOf(object.name) ?? '',
        attributes: listOf(object.Attribute).flatMap(detecting),
      })),
  }
}

/** Only what is marked `to_ids` is an indicator; everything else is context. */
function detecting(attribute: Json): readonly Attribute[] {
  const type = textOf(attribute.type)
  const value = textOf(attribute.value)
  if (!isTrue(attribute.to_ids) || isTrue(attribute.deleted) || type === null || value === null) return []
  return [{ type: type.toLowerCase(), value, relation: textOf(attribute.object_relation) }]
}

/** Tags such as `misp-galaxy:mitre-attack-pattern="Name - T1059"`, and the clusters of galaxies. */
function techniquesOf(event: Json): MispEvent['techniques'] {
  const tagged = [event, ...listOf(event.Attribute)].flatMap(({ Tag }) => listOf(Tag))
  const clusters = listOf(event.Galaxy).flatMap(({ GalaxyCluster }) => listOf(GalaxyCluster))
  const names = [
    ...tagged.map(
      ({ name }) => /attack-pattern="([^"]*)"/.exec(textOf(name)?.slice(0, 300) ?? '')?.[1] ?? '',
    ),
    ...clusters
      .filter(({ type }) => /attack-pattern/.test(textOf(type) ?? ''))
      .map(({ value }) => textOf(value) ?? ''),
  ]
  const found = new Map<string, string>()
  for (const name of names) {
    const [, title = '', id] = /^(.*) - (T\d{4}(?:\.\d{3})?)$/.exec(name.slice(0, 300)) ?? []
    if (id !== undefined) found.set(id, title)
  }
  return [...found].map(([id, name]) => ({ id, name }))
}

/** MISP writes true in three ways. */
function isTrue(value: unknown): boolean {
  return value === true || value === 1 || value === '1'
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null
}

function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isJson) : []
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
