import { type ObjectKind, vocabulary } from '@tocsin/model'
import { attributeOf } from '../../xml/tree.ts'
import type { Field } from './objects/rows.ts'

/** Fields that one object of an endpoint tells together. */
export interface FieldGroup {
  readonly object: ObjectKind
  readonly fields: readonly Field[]
}

/**
 * An object of CybOX can be several of ours: a service and its process, an address and a name. Fields that are seen
 * nowhere stand with the first of them.
 */
export function groupsOf(fields: readonly Field[], usual: ObjectKind): readonly FieldGroup[] {
  const saying = wholeVariables(withHive(fields.filter(({ row }) => row !== 'implied' && !isUrl({ row }))))
  const owners = saying.map((field) => objectOf(field))
  const first = owners.find((owner) => owner !== undefined) ?? usual
  const byObject = Map.groupBy(saying, (_, at) => owners[at] ?? first)
  return [...byObject].map(([object, own]) => ({ object, fields: own }))
}

/** A URL shows as several objects, none of which tells all of it. */
export function isUrl({ row }: Pick<Field, 'row'>): boolean {
  return row !== 'implied' && 'url' in row
}

function objectOf({ row }: Field): ObjectKind | undefined {
  if (row === 'implied' || 'why' in row || 'url' in row) return undefined
  if ('fact' in row) return row.of === 'memory' ? 'process' : 'file'
  return vocabulary.get(row.property)?.object
}

/** A registry event is about one value: several values of a key are several instances with that key. */
export function instancesOf(fields: readonly Field[]): readonly (readonly Field[])[] {
  const isValue = ({ path }: Field) => path.startsWith('Values/Value/')
  const values = [...Map.groupBy(fields.filter(isValue), ({ ancestors }) => ancestors.at(-1)).values()]
  const common = fields.filter((field) => !isValue(field))
  return values.length < 2 ? [fields] : values.map((value) => [...common, ...value])
}

/** Hive and key are one path where both are written whole. */
function withHive(fields: readonly Field[]): readonly Field[] {
  const hive = fields.find(({ path }) => path === 'Hive')
  const key = fields.find(({ path }) => path === 'Key')
  if (hive === undefined || key === undefined || !isEquals(hive) || !isEquals(key)) return fields
  if (/^HK/i.test(key.element.text.trim())) return fields.filter((field) => field !== hive)
  const text = `${hive.element.text.trim()}\\${key.element.text.trim()}`
  const whole: Field = { ...key, element: { ...key.element, text } }
  return fields.filter((field) => field !== hive).map((field) => (field === key ? whole : field))
}

/** Name and value of a variable are one text where both are written whole. */
function wholeVariables(fields: readonly Field[]): readonly Field[] {
  const isVariable = ({ path }: Field) => path.includes('Environment_Variable_List/')
  const byVariable = Map.groupBy(fields.filter(isVariable), ({ ancestors }) => ancestors.at(-1))
  const joined = [...byVariable.values()].flatMap((each) => {
    const name = each.find(({ path }) => path.endsWith('/Name'))
    const value = each.find(({ path }) => path.endsWith('/Value'))
    if (name === undefined) return each
    if (value === undefined || !isEquals(name) || !isEquals(value)) return each.map(withSign)
    const text = `${name.element.text.trim()}=${value.element.text.trim()}`
    return [{ ...name, element: { ...name.element, text }, row: { property: 'process.environment' } }]
  })
  return joined.length === 0 ? fields : [...fields.filter((field) => !isVariable(field)), ...joined]
}

/** Where only the name is whole, its sign ends it. */
function withSign(field: Field): Field {
  if (!field.path.endsWith('/Name') || !isEquals(field)) return field
  return { ...field, element: { ...field.element, text: `${field.element.text.trim()}=` } }
}

function isEquals({ element }: Field): boolean {
  return (attributeOf(element, 'condition') ?? 'Equals').toLowerCase() === 'equals'
}
