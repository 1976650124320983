import type { Attribute } from './attributes.ts'
import type { Fact } from './fact.ts'
import { mispType } from './types.ts'

type Of = Fact['of']

/** Parts of composite types that have no type of their own. */
const parts: ReadonlyMap<string, Of> = new Map<string, Of>([
  ['ip', 'remote'],
  ['value', 'data'],
])

/** Ports and own sides have their meaning by their role in an object. */
const relations: ReadonlyMap<string, Of> = new Map<string, Of>([
  ['dst-port', 'remote-port'],
  ['src-port', 'local-port'],
  ['ip-src', 'local'],
  ['fullpath', 'path'],
  ['data', 'data'],
  ['command-line', 'command'],
  ['image', 'path'],
])

/** The facts of an attribute, all of which hold for one instance; nothing if its type cannot be looked for. */
export function factsOf({ type, value, relation }: Attribute): readonly Fact[] | undefined {
  // A sample is a file with its name and hash.
  if (type === 'malware-sample') return factsOf({ type: 'filename|md5', value, relation })
  if (!type.includes('|')) {
    const of = (relation === null ? undefined : relations.get(relation)) ?? mispType(type)?.of
    return of === undefined ? undefined : [factOf(of, value)]
  }
  const names = type.split('|')
  const values = valuesOf(value, names.length)
  if (values === undefined) return undefined
  const facts = names.map((name, at) => {
    const of = mispType(name)?.of ?? parts.get(name)
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
