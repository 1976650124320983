import { type Content, type Digest, digestOfBytes } from '@tocsin/model'

/** A YARA rule that stands for itself becomes a blob; its syntax is checked where YARA runs. */
export function wholeRule(
  written: string,
  of: Content['of'],
  blobs: Map<Digest, Uint8Array>,
): Content | undefined {
  const text = written.trim()
  const isSimple = /\brule\s+\w/.test(text) && text.includes('condition') && !/\binclude\s*"/.test(text)
  if (!isSimple) return undefined
  const bytes = new TextEncoder().encode(text)
  const source = digestOfBytes(bytes)
  blobs.set(source, bytes)
  const modules = [...text.matchAll(/^\s*import\s+"(\w{1,40})"/gm)].map(([, name = '']) => name)
  return { kind: 'content', source, engines: ['libyara', 'yara-x'], modules: [...new Set(modules)], of }
}
