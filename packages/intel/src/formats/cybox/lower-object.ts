import type { Condition, ObjectKind } from '@tocsin/model'
import { attributeOf, childNamed, type XmlElement } from '../../xml/tree.ts'
import {
  allOf,
  anyOf,
  isNever,
  never,
  same,
  someConnection,
  someInstance,
  term,
} from '../lowering/compose.ts'
import type { Findings } from '../lowering/findings.ts'
import type { Operation } from './actions.ts'
import { type Field, fieldsOf } from './fields.ts'
import { type FieldContext, lowerField } from './lower-field.ts'
import { isCyboxObject } from './names.ts'
import { objectRow } from './object-fields.ts'
import type { Reader } from './reader.ts'

const nothing = never('cybox')

/** One Object is one instance. Nothing if it has no properties. */
export function lowerObject(
  element: XmlElement,
  reader: Reader,
  operation?: Operation,
): Condition | undefined {
  sayRelated(element, reader.findings)
  const properties = propertiesOf(element, reader)
  if (properties === undefined) return undefined
  const type = typeOf(properties, reader.findings)
  const fields = fieldsOf(properties, type)
  if (fields.length === 0) return undefined
  const object = objectOf(type, fields)
  const context: FieldContext = {
    object,
    typeName: type.replace(/ObjectType$/, ''),
    isWindows: isOfWindows(type, fields),
    findings: reader.findings,
  }
  const instances = instancesOf(fields).map((each) => lowerInstance(each, context, operation))
  return reader.findings.written(allOf(instances, nothing), element)
}

function lowerInstance(fields: readonly Field[], context: FieldContext, operation?: Operation): Condition {
  const restricting = fields.filter(({ row }) => row !== 'implied')
  const byPath = Map.groupBy(restricting, ({ path }) => path)
  const parts = [...byPath.values()].map((repeated) => lowerRepeated(repeated, context))
  if (parts.some(isNever)) return nothing
  const part = allOf(parts, nothing)
  if (isNever(part)) return part
  if (operation !== undefined && operation.object === context.object) {
    const { object, property, words } = operation
    const done = term({ object, property, comparison: 'is', values: words })
    return same(object, 'event', allOf([done, part], nothing))
  }
  if (context.object === 'host') return part
  return context.object === 'connection' ? someConnection(part) : someInstance(context.object, 'either', part)
}

/** A field that has one value and is written twice: either will do. */
function lowerRepeated(fields: readonly Field[], context: FieldContext): Condition {
  const parts = fields.map((field) => lowerField(field, context))
  const [first] = fields
  if (first === undefined || parts.length === 1 || first.row === undefined || first.path.includes('_List/')) {
    return allOf(parts, nothing)
  }
  context.findings.say({
    code: 'CBX011',
    severity: 'warning',
    message: `${first.element.local} has one value on an endpoint; any of the ${fields.length} will do`,
    at: first.element,
  })
  return anyOf(parts, nothing)
}

/** A registry event is about one value: several values of a key are several instances with that key. */
function instancesOf(fields: readonly Field[]): readonly (readonly Field[])[] {
  const isValue = ({ path }: Field) => path.startsWith('Values/Value/')
  const values = [...Map.groupBy(fields.filter(isValue), ({ holder }) => holder).values()]
  const common = fields.filter((field) => !isValue(field))
  if (values.length < 2) return [withHive(fields)]
  return values.map((value) => withHive([...common, ...value]))
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

function isEquals({ element }: Field): boolean {
  return (attributeOf(element, 'condition') ?? 'Equals').toLowerCase() === 'equals'
}

/** Properties may stand elsewhere and be referred to. */
function propertiesOf(element: XmlElement, reader: Reader): XmlElement | undefined {
  const own = childNamed(element, 'Properties')
  if (own === undefined || own.children.length > 0) return own
  const reference = attributeOf(own, 'object_reference')
  const target = reference === undefined ? undefined : reader.byId.get(reference)
  return target && childNamed(target, 'Properties')
}

function typeOf(properties: XmlElement, findings: Findings): string {
  const { type } = properties
  if (type !== null && isCyboxObject(type.namespace)) return type.local
  const message =
    type === null ? 'the object has no xsi:type' : `the object type "${type.local}" is not one of CybOX's`
  findings.sayOnce({ code: 'CBX012', severity: 'warning', message, at: properties })
  return type === null ? 'unknown' : `custom:${type.local}`
}

/** A URI that is a domain name is asked for by name. */
function objectOf(type: string, fields: readonly Field[]): ObjectKind {
  const isName = fields.some(({ row }) => typeof row === 'object' && row.property === 'dns.query')
  return isName && type === 'URIObjectType' ? 'dns' : (objectRow(type)?.object ?? 'host')
}

/** Bare names such as `evil.exe` tell the platform too. */
function isOfWindows(type: string, fields: readonly Field[]): boolean {
  if (type.startsWith('Windows')) return true
  return fields.some(({ element: { text } }) =>
    /^\s?[A-Za-z]:|\\|\.(?:exe|dll|sys|bat|cmd|ps1|vbs|scr|lnk|hta|ocx|cpl|com)$|^\.?(?:exe|dll|sys)$/i.test(
      text.trim().slice(-300),
    ),
  )
}

function sayRelated(element: XmlElement, findings: Findings): void {
  const related = childNamed(element, 'Related_Objects')
  if (related === undefined) return
  findings.sayOnce({
    code: 'CBX013',
    severity: 'warning',
    message: 'related objects are not evaluable yet; the object matches without them',
    at: related,
  })
}
