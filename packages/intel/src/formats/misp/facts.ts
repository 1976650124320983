import type { Attribute } from './attributes.ts'

/** One thing to look for, before it is known which object it shows on. */
export type Fact =
  | { readonly of: 'md5' | 'sha1' | 'sha256' | 'name' | 'path' | 'size'; readonly value: string }
  | { readonly of: 'remote' | 'local'; readonly value: string }
  | { readonly of: 'remote-port' | 'local-port'; readonly value: string }
  | { readonly of: 'domain' | 'url' | 'key' | 'data' | 'mutex'; readonly value: string }

type Of = Fact['of']

const types: ReadonlyMap<string, Of> = new Map<string, Of>([
  ['md5', 'md5'],
  ['sha1', 'sha1'],
  ['sha256', 'sha256'],
  ['filename', 'name'],
  ['ip-dst', 'remote'],
  // Who reaches out to the endpoint is its peer as well.
  ['ip-src', 'remote'],
  ['domain', 'domain'],
  ['hostname', 'domain'],
  ['url', 'url'],
  ['uri', 'url'],
  ['regkey', 'key'],
  ['mutex', 'mutex'],
  ['size-in-bytes', 'size'],
])

/** Parts of composite types that have no type of their own. */
const parts: ReadonlyMap<string, Of> = new Map<string, Of>([
  ['ip', 'remote'],
  ['port', 'remote-port'],
  ['value', 'data'],
])

/** Ports and own sides have their meaning by their role in an object. */
const relations: ReadonlyMap<string, Of> = new Map<string, Of>([
  ['dst-port', 'remote-port'],
  ['src-port', 'local-port'],
  ['ip-src', 'local'],
  ['fullpath', 'path'],
  ['data', 'data'],
])

/** The facts of an attribute, all of which hold for one instance; nothing if its type cannot be looked for. */
export function factsOf({ type, value, relation }: Attribute): readonly Fact[] | undefined {
  if (!type.includes('|')) {
    const of = (relation === null ? undefined : relations.get(relation)) ?? types.get(type)
    return of === undefined ? undefined : [factOf(of, value)]
  }
  const names = type.split('|')
  const values = valuesOf(value, names.length)
  if (values === undefined) return undefined
  const facts = names.map((name, at) => {
    const of = types.get(name) ?? parts.get(name)
    return of === undefined ? undefined : factOf(of, values[at]?.trim() ?? '')
  })
  const known = facts.filter((fact) => fact !== undefined)
  return known.length === names.length ? known : undefined
}

/** Ports are written behind a colon as well. */
function valuesOf(value: string, count: number): readonly string[] | undefined {
  const cut = value.includes('|') ? value.split('|') : value.split(/:(?=\d{1,5}$)/)
  return cut.length === count ? cut : undefined
}

/** A file name with folders is a path. */
function factOf(of: Of, value: string): Fact {
  return of === 'name' && /[\\/]/.test(value) ? { of: 'path', value } : { of, value }
}
