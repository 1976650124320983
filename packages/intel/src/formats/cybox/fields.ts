import { attributeOf, childNamed, type XmlElement } from '../../xml/tree.ts'
import { fieldRow, type KnownField } from './object-fields.ts'

/** A field of an object with what it reads; `row` is missing for what no recorder knows. */
export interface Field {
  readonly element: XmlElement
  /** Element names below Properties, joined by a slash. */
  readonly path: string
  readonly row?: KnownField
  /** The element that holds the field: of a hash, of a registry value. */
  readonly holder: XmlElement
}

/** The fields of an object's Properties: the elements that hold a value. */
export function fieldsOf(properties: XmlElement, type: string): readonly Field[] {
  return properties.children.flatMap((child) => below(child, '', properties, type))
}

function below(element: XmlElement, outer: string, holder: XmlElement, type: string): readonly Field[] {
  const path = outer === '' ? element.local : `${outer}/${element.local}`
  if (element.local === 'Hash' && element.children.length > 0) return hashField(element, path)
  if (element.children.length > 0) {
    return element.children.flatMap((child) => below(child, path, element, type))
  }
  const isSaid = element.text.trim() !== '' || attributeOf(element, 'condition') !== undefined
  if (!isSaid) return []
  const row = rowOf(element, path, holder, type)
  if (row !== undefined) return [{ element, path, holder, row }]
  const category = element.local === 'Address_Value' ? attributeOf(holder, 'category') : undefined
  return [{ element, path: category === undefined ? path : `${path}/${category}`, holder }]
}

function rowOf(element: XmlElement, path: string, holder: XmlElement, type: string): KnownField | undefined {
  if (element.local === 'Address_Value') {
    const category = attributeOf(holder, 'category') ?? 'ipv4-addr'
    return addressCategories.has(category) ? fieldRow(type, path) : undefined
  }
  if (type === 'URIObjectType' && path === 'Value') {
    return attributeOf(holder, 'type') === 'Domain Name' ? { property: 'dns.query' } : undefined
  }
  return fieldRow(type, path)
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
function hashField(hash: XmlElement, path: string): readonly Field[] {
  const value = childNamed(hash, 'Simple_Hash_Value') ?? childNamed(hash, 'Fuzzy_Hash_Value')
  if (value === undefined || value.text.trim() === '') return []
  const told = childNamed(hash, 'Type')?.text.trim().toLowerCase().replaceAll('-', '') ?? ''
  const length = value.text.trim().split(/##|,/, 1)[0]?.length ?? 0
  const algorithm = told === '' || told === 'other' ? lengths.get(length) : told
  const isFile = path === 'Hashes/Hash'
  const known = isFile && algorithm !== undefined && algorithms.has(algorithm)
  const field = { element: value, path: `${path}/${algorithm ?? 'unknown'}`, holder: hash }
  return [known ? { ...field, row: { property: `file.${algorithm}` } } : field]
}

const lengths: ReadonlyMap<number, string> = new Map([
  [32, 'md5'],
  [40, 'sha1'],
  [64, 'sha256'],
])
const algorithms: ReadonlySet<string> = new Set(lengths.values())
