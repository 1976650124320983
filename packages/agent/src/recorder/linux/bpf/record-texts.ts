import { Generations } from '../../generations.ts'

interface Kept {
  readonly bytes: Buffer
  readonly text: string
}

const mostKept = 4_096
const slash = 0x2f

/**
 * Texts of records. Most come again and again (the path of a shell, a folder): each is then the same string, so that
 * nobody decodes, folds or hashes it a second time.
 */
export class RecordTexts {
  private readonly paths = new Generations<number, Kept>(mostKept)
  private readonly others = new Generations<number, Kept>(mostKept)

  /** Of names from the file up to the root. */
  path(bytes: Buffer, start: number): string {
    return textOf(this.paths, bytes.subarray(start, endOfPath(bytes, start)), pathText)
  }

  /** Bytes one by one, whatever they mean. */
  latin1(bytes: Buffer, start: number, end: number): string {
    return textOf(this.others, bytes.subarray(start, end), latin1Text)
  }
}

function textOf(kept: Generations<number, Kept>, bytes: Buffer, decode: (bytes: Buffer) => string): string {
  const hash = hashOf(bytes)
  const before = kept.get(hash)
  if (before !== undefined && isSame(before.bytes, bytes)) return before.text
  const text = decode(bytes)
  kept.set(hash, { bytes: Buffer.from(bytes), text })
  return text
}

function pathText(bytes: Buffer): string {
  return pathAt(bytes, 0).toString('utf8')
}

function latin1Text(bytes: Buffer): string {
  return bytes.toString('latin1')
}

/** FNV-1a: quick for the few bytes of a path. */
function hashOf(bytes: Buffer): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < bytes.length; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193)
  return hash
}

function isSame(left: Buffer, right: Buffer): boolean {
  if (left.length !== right.length) return false
  for (let at = 0; at < left.length; at += 1) if (left[at] !== right[at]) return false
  return true
}

/** The place behind the empty name at the end. */
function endOfPath(bytes: Buffer, start: number): number {
  let before = 0
  for (let at = start; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0
    if (byte === 0 && before === 0) return at + 1
    before = byte
  }
  return bytes.length
}

/** Names from the file up to the root, each with a NUL, and an empty one at the end. */
export function pathAt(facts: Buffer, start: number): Buffer {
  const names: Buffer[] = []
  let size = 0
  let at = start
  for (let end = facts.indexOf(0, at); end > at; end = facts.indexOf(0, at)) {
    names.push(facts.subarray(at, end))
    size += end - at + 1
    at = end + 1
  }
  if (names.length === 0) return Buffer.from('/')
  const path = Buffer.allocUnsafe(size)
  let to = 0
  for (let number = names.length - 1; number >= 0; number -= 1) {
    path[to] = slash
    const name = names[number] ?? path
    name.copy(path, to + 1)
    to += name.length + 1
  }
  return path
}
