import type { Kind } from '@tocsin/model'
import { parseJson } from '../text.ts'

/** The kind of a JSON document by its outermost keys; nothing if it is not JSON or nobody's. */
export function sniffJson(bytes: Uint8Array): Kind | undefined {
  const body = parseJson(new TextDecoder().decode(bytes))
  const [first] = Array.isArray(body) ? body : [body]
  if (!isObject(first)) return undefined
  if (Array.isArray(first.signals)) return 'tanium-signal'
  if (typeof first.type === 'string' && isStix2(first)) return 'stix2'
  if ('Event' in first || ('response' in first && typeof first.response === 'object')) return 'misp'
  const isSignal = typeof first.contents === 'string' || (typeof first.text === 'string' && 'name' in first)
  return isSignal && !Array.isArray(body) ? 'tanium-signal' : undefined
}

function isStix2(object: Readonly<Record<string, unknown>>): boolean {
  if (object.type === 'bundle') return true
  return typeof object.id === 'string' && object.id.startsWith(`${object.type}--`)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
