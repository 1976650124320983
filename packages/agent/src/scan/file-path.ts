import { storableText } from '@tocsin/model'

/** A path as the kernel has it, any bytes, and as people read it. */
export interface FilePath {
  readonly bytes: Buffer
  readonly text: string
}

export function filePath(bytes: Buffer): FilePath {
  return { bytes, text: storableText(bytes.toString('utf8')) }
}

/** The bytes as hex where the text does not say them all. */
export function rawOf({ bytes, text }: FilePath): string | null {
  return Buffer.from(text).equals(bytes) ? null : bytes.toString('hex')
}

/** Whether a path is one of these or beneath one. */
export function isBeneath(path: string, prefixes: readonly string[]): boolean {
  return prefixes.some((each) => {
    const prefix = each.replace(/\/+$/, '')
    return path === prefix || path.startsWith(`${prefix}/`)
  })
}
