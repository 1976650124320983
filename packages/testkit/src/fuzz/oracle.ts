import { load, ProgramRefused } from '@tocsin/engine'
import { compile, type IntelDocument, type Reading, sourceOf } from '@tocsin/intel'
import { type Condition, childrenOf, oversizeOf, type Span } from '@tocsin/model'

/** What is wrong with a reading of these bytes, whatever they are; nothing if it is sound. */
export function complaintAbout(reading: Reading, bytes: Uint8Array): string | undefined {
  const { document, diagnostics } = reading
  const hasError = diagnostics.some(({ severity }) => severity === 'error')
  if ((document === undefined) !== hasError)
    return 'a document is missing if and only if a diagnostic is an error'
  // A text that is not UTF-8 is decoded by the reader, which only tells it in a document.
  const length = Math.max(bytes.length, sourceOf(reading, bytes).length)
  for (const { code, span } of diagnostics) {
    if (span !== undefined && !liesIn(span, length)) return `the span of a ${code} does not lie in the text`
  }
  return document === undefined ? undefined : complaintAboutDocument(document)
}

function complaintAboutDocument(document: IntelDocument): string | undefined {
  const { condition, origins, contents, intrinsicId, name } = document
  if (intrinsicId === '' || name === '') return 'the document has no name or no intrinsic id'
  for (const [path, span] of origins) {
    if (!leadsToNode(condition, path)) return 'an origin leads to no node'
    if (!liesIn(span, contents.length)) return 'an origin does not lie in the contents'
  }
  // A reader by itself may give a condition that is too large; readIntel then refuses the document.
  if (oversizeOf(condition) !== undefined) return undefined
  try {
    load(compile(document, { id: 1, revision: 1 }), (digest) => document.blobs.get(digest))
  } catch (error) {
    if (error instanceof ProgramRefused) return `endpoints refuse the program: ${error.message}`
    throw error
  }
  return undefined
}

function liesIn({ from, to, line, column }: Span, length: number): boolean {
  return from >= 0 && from <= to && to <= length && line >= 1 && column >= 1
}

function leadsToNode(root: Condition, path: string): boolean {
  let node: Condition | undefined = root
  for (const number of path === '' ? [] : path.split('.')) {
    node = node === undefined ? undefined : childrenOf(node)[Number(number)]
  }
  return node !== undefined
}
