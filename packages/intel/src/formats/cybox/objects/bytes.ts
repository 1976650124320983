import { childNamed, type XmlElement } from '../../../xml/tree.ts'
import type { ByteTest } from '../../lowering/byte-facts.ts'
import { bytesInFile, bytesOfBase64, hexFact, hexIn, wholeFile } from '../../lowering/bytes-in-file.ts'
import { stringInFile } from '../../lowering/string-facts.ts'
import { type ContentRow, inFile, inMemory, type KnownField, unseen } from './rows.ts'

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

/** A segment of code. */
export const codeSegment = inFile(bytesInFile, 'the bytes, or the text, in files')

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
