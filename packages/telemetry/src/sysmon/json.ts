import { asText, isRecord, type JsonRecord, textAt } from '../json-record.ts'
import { type OtherRecord, otherRecord, providerOf, type SysmonRecord } from './record.ts'

/** A Windows event in JSON, in any of the forms that tools write; nothing if the object is none. */
export function sysmonOfJson(record: JsonRecord): SysmonRecord | OtherRecord | undefined {
  return ofWinlogbeat(record) ?? ofEvtx(record) ?? ofFlat(record)
}

interface Parts {
  readonly id: string | undefined
  readonly provider: string
  readonly host: string | undefined
  readonly loggedAt: string | undefined
  readonly values: ReadonlyMap<string, string>
}

/** `winlog.event_id` with `winlog.event_data`; the releases before 7 had both at the top. */
function ofWinlogbeat(record: JsonRecord): SysmonRecord | OtherRecord | undefined {
  const winlog = isRecord(record.winlog) ? record.winlog : record
  const data = winlog.event_data
  if (!isRecord(data)) return undefined
  return recordOf({
    id: textAt(winlog, 'event_id'),
    provider:
      textAt(winlog, 'provider_name') ?? textAt(winlog, 'source_name') ?? textAt(winlog, 'channel') ?? '',
    host: textAt(winlog, 'computer_name'),
    loggedAt: textAt(record, '@timestamp'),
    values: valuesOf(data),
  })
}

/** `Event.System` and `Event.EventData`, as converters of EVTX files write them. */
function ofEvtx(record: JsonRecord): SysmonRecord | OtherRecord | undefined {
  const event = isRecord(record.Event) ? record.Event : undefined
  const system = event?.System
  if (event === undefined || !isRecord(system)) return undefined
  return recordOf({
    id: innerText(system.EventID),
    provider: attribute(system.Provider, 'Name') ?? innerText(system.Channel) ?? '',
    host: innerText(system.Computer),
    loggedAt: attribute(system.TimeCreated, 'SystemTime'),
    values: valuesOfEventData(event.EventData),
  })
}

/** Everything at the top, as NXLog writes it. */
function ofFlat(record: JsonRecord): SysmonRecord | OtherRecord | undefined {
  const id = textAt(record, 'EventID') ?? textAt(record, 'event_id')
  if (id === undefined) return undefined
  const names = [
    'SourceName',
    'ProviderName',
    'Provider_Name',
    'provider_name',
    'source_name',
    'Channel',
    'channel',
  ]
  const named = names.flatMap((name) => textAt(record, name) ?? [])
  return recordOf({
    id,
    // Where nobody is named, the values that only Sysmon has tell.
    provider:
      named.find((name) => providerOf(name) !== undefined) ??
      named[0] ??
      (hasSysmonValues(record) ? 'Sysmon' : ''),
    host: textAt(record, 'Hostname') ?? textAt(record, 'Computer') ?? textAt(record, 'host'),
    loggedAt: textAt(record, '@timestamp') ?? textAt(record, 'EventTime'),
    values: valuesOf(record),
  })
}

function hasSysmonValues(record: JsonRecord): boolean {
  return typeof record.UtcTime === 'string' || typeof record.ProcessGuid === 'string'
}

function recordOf({ id, provider, host, loggedAt, values }: Parts): SysmonRecord | OtherRecord {
  const platform = providerOf(provider)
  const number = id === undefined || !/^\d{1,6}$/.test(id.trim()) ? undefined : Number(id)
  if (platform === undefined || number === undefined)
    return otherRecord(provider === '' ? 'unnamed log' : provider, id ?? '')
  return { id: number, values, host: host ?? '', platform, loggedAt }
}

function valuesOf(data: JsonRecord): ReadonlyMap<string, string> {
  const values = new Map<string, string>()
  for (const [name, value] of Object.entries(data)) {
    const text = asText(value)
    if (text !== undefined) values.set(name, text)
  }
  return values
}

/** An object of names and values, or `Data` with a list of names beside values. */
function valuesOfEventData(data: unknown): ReadonlyMap<string, string> {
  if (!isRecord(data)) return new Map()
  const list = Array.isArray(data.Data) ? data.Data : isRecord(data.Data) ? [data.Data] : undefined
  if (list === undefined) return valuesOf(data)
  const values = new Map<string, string>()
  for (const each of list) {
    const name = attribute(each, 'Name')
    // An element without text is written without one: Sysmon wrote an empty value.
    if (name !== undefined) values.set(name, innerText(each) ?? '')
  }
  return values
}

/** The text of an element: the value itself, or beside its attributes. */
function innerText(value: unknown): string | undefined {
  if (!isRecord(value)) return asText(value)
  for (const name of ['#text', '$t', '_', '$text', 'Text', 'content', 'text']) {
    const text = asText(value[name])
    if (text !== undefined) return text
  }
  return undefined
}

/** An attribute of an element, in the ways that XML becomes JSON. */
function attribute(value: unknown, name: string): string | undefined {
  if (!isRecord(value)) return undefined
  const group = [value['#attributes'], value.$, value['@attributes']].find(isRecord)
  return (
    textAt(value, `@${name}`) ??
    textAt(value, `@_${name}`) ??
    (group && textAt(group, name)) ??
    textAt(value, name)
  )
}
