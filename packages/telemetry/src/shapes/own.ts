import type { EventObject, Field, Fields, ProcessFacts, RecordedEvent } from '@tocsin/model'
import { isRecord, type JsonRecord } from '../json-record.ts'

export const eventObjects: readonly EventObject[] = [
  'process',
  'file',
  'network',
  'dns',
  'registry',
  'image',
  'driver',
  'security',
]

export function isEventObject(value: unknown): value is EventObject {
  return eventObjects.some((object) => object === value)
}

/** An event as our recorder makes it; nothing if the object has another form. */
export function ownEvent(record: JsonRecord): RecordedEvent | undefined {
  const { id, object, operation, at, actor } = record
  const fields = fieldsOf(record.fields)
  if (typeof id !== 'string' || typeof operation !== 'string' || typeof actor !== 'string') return undefined
  if (!isEventObject(object) || !isTime(at) || fields === undefined) return undefined
  return { id, object, operation, at, actor, fields }
}

/** A process as our recorder knows it; nothing if the object has another form. */
export function ownProcess(record: JsonRecord): ProcessFacts | undefined {
  const { key, parent, startedAt, endedAt } = record
  const fields = fieldsOf(record.fields)
  if (typeof key !== 'string' || (parent !== null && typeof parent !== 'string')) return undefined
  if (!isTime(startedAt) || (endedAt !== null && !isTime(endedAt)) || fields === undefined) return undefined
  return { key, parent, fields, startedAt, endedAt }
}

function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value)
}

function fieldsOf(value: unknown): Fields | undefined {
  if (!isRecord(value)) return undefined
  const fields: Record<string, Field> = {}
  for (const [property, field] of Object.entries(value)) {
    if (!isField(field)) return undefined
    fields[property] = field
  }
  return fields
}

function isField(value: unknown): value is Field {
  return (
    isRecord(value) &&
    typeof value.whole === 'boolean' &&
    Array.isArray(value.values) &&
    value.values.every(isLiteral)
  )
}

function isLiteral(value: unknown): boolean {
  if (!isRecord(value)) return !Array.isArray(value)
  const { bytes, time, cut } = value
  return typeof bytes === 'string' || typeof cut === 'string' || isTime(time)
}
