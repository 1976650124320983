import { storableText } from '@tocsin/model'
import type { Encoding } from './modifiers.ts'

/** A value in other writing; `base64offset` has three, one of which is in any base64 text around it. */
export function encoded(text: string, encodings: readonly Encoding[]): readonly string[] {
  let variants: readonly Uint8Array[] = [new TextEncoder().encode(text)]
  for (const encoding of encodings) variants = variants.flatMap((bytes) => encodedOnce(bytes, encoding))
  return [...new Set(variants.map((bytes) => storableText(latin(bytes))))].filter((variant) => variant !== '')
}

function encodedOnce(bytes: Uint8Array, encoding: Encoding): readonly Uint8Array[] {
  switch (encoding) {
    case 'base64':
      return [ascii(base64(bytes))]
    case 'base64offset':
      return [0, 1, 2].map((offset) => ascii(base64At(bytes, offset)))
    default:
      return [utf16(new TextDecoder().decode(bytes), encoding)]
  }
}

function utf16(text: string, encoding: 'utf16le' | 'utf16be' | 'utf16'): Uint8Array {
  const marked = encoding === 'utf16' ? `\ufeff${text}` : text
  const bytes = new Uint8Array(marked.length * 2)
  const view = new DataView(bytes.buffer)
  for (let at = 0; at < marked.length; at += 1)
    view.setUint16(at * 2, marked.charCodeAt(at), encoding !== 'utf16be')
  return bytes
}

/** The characters that do not depend on what stands before and behind the bytes. */
function base64At(bytes: Uint8Array, offset: number): string {
  const shifted = new Uint8Array(bytes.length + offset)
  shifted.set(bytes, offset)
  const text = base64(shifted)
  const from = [0, 2, 3][offset] ?? 0
  const less = [0, 3, 2][shifted.length % 3] ?? 0
  return text.slice(from, text.length - less)
}

function base64(bytes: Uint8Array): string {
  return btoa(latin(bytes))
}

/** In pieces, because a call has a bounded number of arguments. */
function latin(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 4_096)
    text += String.fromCharCode(...bytes.subarray(at, at + 4_096))
  return text
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (unit) => unit.charCodeAt(0))
}
