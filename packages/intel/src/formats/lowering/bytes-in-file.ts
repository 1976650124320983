import { digestOfBytes } from '@tocsin/model'
import { type ByteTest, type FactOf, type Flaw, textTest } from './byte-facts.ts'
import type { ContentFact } from './content-rule.ts'
import { stringInFile } from './string-facts.ts'
import { yaraHexOf } from './yara-hex.ts'

/** Longer ones are files, not patterns. */
const longestHex = 8_192
const shortestHex = 8

/** Bytes as hexadecimal digits, with or without blanks; nothing if the text is something else. */
export function hexIn(text: string): string | undefined {
  const digits = text.replace(/\s|^0x|\\x/gi, '')
  return /^(?:[0-9a-f]{2})+$/i.test(digits) && digits.length <= longestHex ? digits : undefined
}

/** Bytes that stand anywhere; a text that is not hexadecimal is looked for as it is. */
export const bytesInFile: FactOf = (test) => {
  const digits = hexIn(test.text)
  if (digits === undefined || digits.length < shortestHex)
    return stringInFile({ ...test, comparison: test.comparison === 'is' ? 'contains' : test.comparison })
  return hexFact(digits, test, (name) => name)
}

/** The bytes that a file starts with. */
export const magicNumber: FactOf = (test) => {
  const digits = hexIn(test.text)
  if (digits === undefined) return { flaw: 'the magic number is not hexadecimal' }
  return hexFact(digits, test, (name) => `${name} at 0`)
}

/** What libmagic calls the file; YARA-X lacks the module. */
export const fileFormat: FactOf = (test) => {
  const expression = textTest('magic.type()', test)
  return typeof expression === 'string' ? { modules: ['magic'], condition: () => expression } : expression
}

/** Bytes by their hexadecimal digits; the condition is given the string's name. */
export function hexFact(
  digits: string,
  test: ByteTest,
  condition: (name: string) => string,
): ContentFact | Flaw {
  if (test.comparison !== 'is' && test.comparison !== 'contains' && test.comparison !== 'starts with')
    return { flaw: `"${test.comparison}" does not compare bytes` }
  const string = yaraHexOf(digits.replace(/../g, '$& '))
  if (typeof string !== 'string') return string
  return { strings: [string], condition: ([name = '$s0']) => condition(name) }
}

/** A file that has just this content. */
export function wholeFile(bytes: Uint8Array): ContentFact {
  const condition = `filesize == ${bytes.length} and hash.sha256(0, filesize) == "${digestOfBytes(bytes)}"`
  return { modules: ['hash'], condition: () => condition }
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Nothing if the text is not base64. */
export function bytesOfBase64(text: string): Uint8Array | undefined {
  const letters = text.replace(/[\s=]/g, '')
  if (letters === '' || !/^[A-Za-z0-9+/]+$/.test(letters)) return undefined
  const bytes = new Uint8Array(Math.floor((letters.length * 3) / 4))
  let held = 0
  let bits = 0
  let at = 0
  for (const letter of letters) {
    held = ((held << 6) | alphabet.indexOf(letter)) & 0xffff
    bits += 6
    if (bits < 8) continue
    bits -= 8
    bytes[at] = (held >> bits) & 0xff
    at += 1
  }
  return bytes
}
