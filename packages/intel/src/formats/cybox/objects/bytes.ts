import { digestOfBytes } from '@tocsin/model'
import { attributeOf, childNamed, type XmlElement } from '../../../xml/tree.ts'
import { type ByteTest, type FactOf, textTest } from '../../lowering/byte-facts.ts'
import type { ContentFact } from '../../lowering/content-rule.ts'
import { stringInFile } from '../../lowering/string-facts.ts'
import { yaraHexOf } from '../../lowering/yara-hex.ts'
import type { ContentRow, KnownField } from './rows.ts'
import { inFile, inMemory, unseen } from './rows.ts'

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

/** A run of bytes is where its Offset says, if it says so. */
export const byteRun: ContentRow = {
  of: 'file',
  reads: 'bytes of the file, at Offset where that is told',
  fact: (field) => (test) => {
    const digits = hexIn(test.text)
    const run = nearest(field.ancestors, 'Byte_Run')
    const offset = run && childNamed(run, 'Offset')?.text.trim()
    if (digits === undefined) return bytesInFile(test)
    const isPlaced = offset !== undefined && /^\d{1,12}$/.test(offset)
    return hexFact(digits, test, (name) => (isPlaced ? `${name} at ${offset}` : name))
  },
}

function nearest(ancestors: readonly XmlElement[], local: string): XmlElement | undefined {
  return ancestors.findLast((each) => each.local === local)
}

function hexFact(
  digits: string,
  test: ByteTest,
  condition: (name: string) => string,
): ContentFact | { readonly flaw: string } {
  if (test.comparison !== 'is' && test.comparison !== 'contains' && test.comparison !== 'starts with')
    return { flaw: `"${test.comparison}" does not compare bytes` }
  const string = yaraHexOf(digits.replace(/../g, '$& '))
  if (typeof string !== 'string') return string
  return { strings: [string], condition: ([name = '$s0']) => condition(name) }
}

/** What libmagic calls the file; YARA-X lacks the module. */
export const fileFormat: FactOf = (test) => {
  const expression = textTest('magic.type()', test)
  return typeof expression === 'string' ? { modules: ['magic'], condition: () => expression } : expression
}

/** A segment of code; one that was changed by XOR is not looked for. */
export const codeSegment: ContentRow = {
  of: 'file',
  reads: 'the bytes, or the text, in files',
  fact:
    ({ element }) =>
    (test) =>
      attributeOf(element, 'xor_pattern') === undefined
        ? bytesInFile(test)
        : { flaw: 'code changed by XOR is not changed back' },
}

/** What was extracted from a file, or from a process's memory. */
export function extractedFeatures(of: 'file' | 'memory'): Readonly<Record<string, KnownField>> {
  const row = of === 'file' ? inFile : inMemory
  const place = of === 'file' ? 'the file' : 'the memory of the process'
  const features = 'Extracted_Features'
  return {
    [`${features}/Strings/String/String_Value`]: row(stringInFile, `the text in ${place}`),
    [`${features}/Strings/String/Byte_String_Value`]: row(bytesInFile, `the bytes in ${place}`),
    [`${features}/Strings/String/Encoding`]: 'implied',
    [`${features}/Strings/String/Length`]: 'implied',
    [`${features}/Strings/String/Language`]: 'implied',
    [`${features}/Strings/*`]: unseen('where a text stands, and its hash, is not compared'),
    [`${features}/Code_Snippets/Code_Snippet/Code_Segment`]: row(bytesInFile, `the bytes in ${place}`),
    [`${features}/Imports/Import`]: row(stringInFile, `the text in ${place}`),
    [`${features}/Functions/Function`]: row(stringInFile, `the text in ${place}`),
  }
}

/** An artifact that is written whole is a file with this content; a part of one stands in a file. */
export const artifact: ContentRow = {
  of: 'file',
  reads: 'the bytes; of a whole one the SHA-256',
  fact: ({ ancestors }) => {
    const packaging = ancestors[0] && childNamed(ancestors[0], 'Packaging')
    return (test) => {
      if (packaging?.children.some(({ local }) => local !== 'Encoding'))
        return { flaw: 'packed artifacts are not unpacked' }
      const isBase64 = test.comparison === 'is' && packaging !== undefined
      const bytes = isBase64 ? bytesOfBase64(test.text) : bytesOfHex(test)
      return bytes === undefined ? bytesInFile(test) : wholeFile(bytes)
    }
  },
}

function bytesOfHex({ comparison, text }: ByteTest): Uint8Array | undefined {
  const digits = text.replace(/\s/g, '')
  if (comparison !== 'is' || !/^(?:[0-9a-f]{2}){4,}$/i.test(digits)) return undefined
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

function bytesOfBase64(text: string): Uint8Array | undefined {
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

function wholeFile(bytes: Uint8Array): ContentFact {
  const condition = `filesize == ${bytes.length} and hash.sha256(0, filesize) == "${digestOfBytes(bytes)}"`
  return { modules: ['hash'], condition: () => condition }
}
