import { decodeUtf8, parseJson } from '../../text.ts'

/** Signals that go from one server to another, with the names of their labels. */
export interface Exchange {
  readonly signals: readonly {
    /** The signal as an upload by itself. */
    readonly bytes: Uint8Array
    readonly name: string
    readonly labels: readonly string[]
  }[]
  readonly labels: readonly { readonly name: string; readonly description: string }[]
}

type Json = Readonly<Record<string, unknown>>

/** Takes an exchange file apart, whatever its signals are worth; nothing if it is none. */
export function readExchange(bytes: Uint8Array): Exchange | undefined {
  const text = decodeUtf8(bytes)
  const body = text === undefined ? undefined : parseJson(text)
  if (!isJson(body) || !Array.isArray(body.signals)) return undefined
  const items: readonly unknown[] = body.signals
  return { signals: items.map(signalOf), labels: labelsIn(body.labels) }
}

function signalOf(item: unknown): Exchange['signals'][number] {
  const data = isJson(item) && isJson(item.data) ? item.data : item
  const bytes = new TextEncoder().encode(JSON.stringify(data ?? null))
  if (!isJson(data)) return { bytes, name: '', labels: [] }
  return { bytes, name: textOf(data.name), labels: labelsIn(data.labels).map(({ name }) => name) }
}

/** Labels are named, alone or with what they are for. */
function labelsIn(value: unknown): Exchange['labels'] {
  const items: readonly unknown[] = Array.isArray(value) ? value : []
  return items.flatMap((item) => {
    const name = typeof item === 'string' ? item : isJson(item) ? textOf(item.name) : ''
    return name.trim() === ''
      ? []
      : [{ name: name.trim(), description: isJson(item) ? textOf(item.description) : '' }]
  })
}

export interface Exported {
  /** The compact JSON of the signal. */
  readonly contents: string
  /** ISO 8601. */
  readonly createdAt: string
  readonly updatedAt: string
  readonly labels: readonly string[]
}

/** An exchange file of these signals; reading it again gives the same contents. */
export function writeExchange(signals: readonly Exported[], labels: Exchange['labels']): string {
  const items = signals.map(({ contents, createdAt, updatedAt, labels: names }) => {
    const data = parseJson(contents)
    const labelled = isJson(data) && names.length > 0 ? { ...data, labels: names } : data
    return {
      type: 'tanium-signal',
      typeVersion: '1.0',
      isSchemaValid: true,
      createdAt,
      updatedAt,
      data: labelled,
    }
  })
  return JSON.stringify({
    signals: items,
    labels: labels.map(({ name, description }) => ({ name, description })),
  })
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
