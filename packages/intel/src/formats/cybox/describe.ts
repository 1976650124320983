import type { Condition, ObjectKind } from '@tocsin/model'
import { attributeOf, childNamed, type XmlElement } from '../../xml/tree.ts'
import { allOf, anyOf, isNever, never } from '../lowering/compose.ts'
import type { Findings } from '../lowering/findings.ts'
import type { FieldContext } from './context.ts'
import { fieldsOf } from './fields.ts'
import { type FieldGroup, groupsOf, instancesOf, isUrl } from './instances.ts'
import { lowerField } from './lower-field.ts'
import { isCyboxObject } from './names.ts'
import { objectRow } from './object-fields.ts'
import type { Field } from './objects/rows.ts'
import type { Reader } from './reader.ts'

const nothing = never('cybox')

/** What an object's fields say of one instance, before it is said whether that is an event or state. */
export interface Described {
  readonly object: ObjectKind
  readonly part: Condition
}

export interface Description {
  readonly type: string
  readonly instances: readonly Described[]
  /** What the object's URLs mean, which is no single instance. */
  readonly apart: readonly Condition[]
}

/** Nothing if the object has no properties. */
export function describe(element: XmlElement, reader: Reader): Description | undefined {
  const properties = propertiesOf(element, reader)
  if (properties === undefined) return undefined
  const type = typeOf(properties, reader.findings)
  const fields = fieldsOf(properties, type)
  if (fields.length === 0) return undefined
  const usual = objectRow(type)?.object ?? 'host'
  const context = (object: ObjectKind): FieldContext => ({
    object,
    typeName: type.replace(/ObjectType$/, ''),
    isWindows: isOfWindows(type, fields),
    findings: reader.findings,
    blobs: reader.blobs,
  })
  return {
    type,
    instances: withOwner(groupsOf(fields, usual)).flatMap((group) =>
      instancesOf(group.fields).map((each) => ({
        object: group.object,
        part: partOf(each, context(group.object)),
      })),
    ),
    apart: fields.filter(isUrl).map((field) => lowerField(field, context(usual))),
  }
}

/** A connection knows its process: where an object speaks of both, they are one event. */
function withOwner(groups: readonly FieldGroup[]): readonly FieldGroup[] {
  const process = groups.find(({ object }) => object === 'process')
  const connection = groups.find(({ object }) => object === 'connection')
  if (process === undefined || connection === undefined) return groups
  const both = { object: 'connection', fields: [...process.fields, ...connection.fields] } as const
  return [both, ...groups.filter((group) => group !== process && group !== connection)]
}

function partOf(fields: readonly Field[], context: FieldContext): Condition {
  const byPath = Map.groupBy(fields, ({ path }) => path)
  const parts = [...byPath.values()].map((repeated) => lowerRepeated(repeated, context))
  return parts.some(isNever) ? nothing : allOf(parts, nothing)
}

/** A field that has one value and is written twice: either will do. */
function lowerRepeated(fields: readonly Field[], context: FieldContext): Condition {
  const parts = fields.map((field) => lowerField(field, context))
  const [first] = fields
  if (first === undefined || parts.length === 1 || hasMany(first)) return allOf(parts, nothing)
  context.findings.say({
    code: 'CBX011',
    severity: 'warning',
    message: `${first.element.local} has one value on an endpoint; any of the ${fields.length} will do`,
    at: first.element,
  })
  return anyOf(parts, nothing)
}

/** Lists, and what bytes hold, can have several values at once. */
function hasMany({ path, row }: Field): boolean {
  return row === 'implied' || !('property' in row) || path.includes('_List/')
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

/** Bare names such as `evil.exe` tell the platform too. */
function isOfWindows(type: string, fields: readonly Field[]): boolean {
  if (type.startsWith('Windows')) return true
  return fields.some(({ element: { text } }) =>
    /^\s?[A-Za-z]:|\\|\.(?:exe|dll|sys|bat|cmd|ps1|vbs|scr|lnk|hta|ocx|cpl|com)$|^\.?(?:exe|dll|sys)$/i.test(
      text.trim().slice(-300),
    ),
  )
}
