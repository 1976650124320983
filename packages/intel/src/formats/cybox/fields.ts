import { attributeOf, childNamed, type XmlElement } from '../../xml/tree.ts'
import { fieldRow } from './object-fields.ts'
import type { Field, KnownField } from './objects/rows.ts'

interface Around {
  readonly path: string
  readonly ancestors: readonly XmlElement[]
  readonly type: string
}

/** The fields of an object's Properties: the elements that hold a value. */
export function fieldsOf(properties: XmlElement, type: string): readonly Field[] {
  const around = { path: '', ancestors: [properties], type }
  return properties.children.flatMap((child) => below(child, around))
}

function below(element: XmlElement, around: Around): readonly Field[] {
  const path = around.path === '' ? nameOf(element) : `${around.path}/${nameOf(element)}`
  if (element.local === 'Hash' && element.children.length > 0) return hashField(element, { ...around, path })
  if (element.children.length > 0) {
    const inside = { ...around, path, ancestors: [...around.ancestors, element] }
    return element.children.flatMap((child) => below(child, inside))
  }
  const isSaid = element.text.trim() !== '' || attributeOf(element, 'condition') !== undefined
  return isSaid ? [field(element, { ...around, path })] : []
}

/** Custom properties are told apart by the names they give themselves. */
function nameOf(element: XmlElement): string {
  const name = element.local === 'Property' ? attributeOf(element, 'name') : undefined
  return name === undefined ? element.local : `${element.local}/${name.slice(0, 80)}`
}

function field(element: XmlElement, { path, ancestors, type }: Around): Field {
  const holder = ancestors.at(-1)
  const category = holder && attributeOf(holder, 'category')
  if (element.local === 'Address_Value' && category !== undefined && !addressCategories.has(category)) {
    const apart = `${path}/${category}`
    return { element, path: apart, ancestors, row: fieldRow(type, apart) }
  }
  const isName = holder !== undefined && attributeOf(holder, 'type') === 'Domain Name'
  const row: KnownField =
    isName && type === 'URIObjectType' ? { property: 'dns.query' } : fieldRow(type, path)
  return { element, path, ancestors, row }
}

const addressCategories: ReadonlySet<string> = new Set([
  'ipv4-addr',
  'ipv4-net',
  'ipv4-net-mask',
  'ipv6-addr',
  'ipv6-net',
  'cidr',
])

/** The algorithm is told by Type, in whatever way, or else by the length of the value. */
function hashField(hash: XmlElement, { path, ancestors, type }: Around): readonly Field[] {
  const simple = childNamed(hash, 'Simple_Hash_Value')
  const value = simple ?? childNamed(hash, 'Fuzzy_Hash_Value')
  if (value === undefined || value.text.trim() === '') return []
  const told = childNamed(hash, 'Type')?.text.trim().toLowerCase().replaceAll('-', '') ?? ''
  const length = value.text.trim().split(/##|,/, 1)[0]?.length ?? 0
  const byLength = simple === undefined ? 'fuzzy' : (lengths.get(length) ?? 'unknown')
  const algorithm = told === '' || told === 'other' ? byLength : told
  const apart = `${path}/${algorithm}`
  return [{ element: value, path: apart, ancestors: [...ancestors, hash], row: fieldRow(type, apart) }]
}

const lengths: ReadonlyMap<number, string> = new Map([
  [32, 'md5'],
  [40, 'sha1'],
  [64, 'sha256'],
])
