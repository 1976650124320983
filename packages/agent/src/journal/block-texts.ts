import type { ByteReader, ByteWriter } from './bytes.ts'

/** Texts as their lengths in UTF-16 units and then all of them as UTF-8: one conversion for all. */
export function writeTexts(writer: ByteWriter, texts: readonly string[]): void {
  const joined = Buffer.from(texts.join(''))
  writer.count(texts.length)
  for (const { length } of texts) writer.count(length)
  writer.count(joined.length)
  writer.append(joined)
}

export function readTexts(reader: ByteReader): string[] {
  const lengths: number[] = []
  for (let left = reader.count(); left > 0; left -= 1) lengths.push(reader.count())
  const joined = Buffer.from(reader.take(reader.count())).toString()
  let start = 0
  return lengths.map((length) => {
    start += length
    return joined.slice(start - length, start)
  })
}

/** A text to keep: one that was read is a part of all those it was read with, and keeps them in memory. */
export function kept(text: string): string {
  return Buffer.from(text).toString()
}
