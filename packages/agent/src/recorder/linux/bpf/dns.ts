import { ipv6Text } from '@tocsin/telemetry/address.ts'

/** A DNS message as far as the recorder needs it. */
export interface DnsMessage {
  readonly id: number
  readonly isAnswer: boolean
  /** In lower case, without the dot at the end. */
  readonly query: string
  /** Names and addresses, in the order of the answer. */
  readonly answers: readonly string[]
  /** All answers were read. */
  readonly isWhole: boolean
}

const type = { a: 1, cname: 5, ptr: 12, mx: 15, aaaa: 28, srv: 33 } as const
const mostAnswers = 100
const mostLabels = 128

/** Reads a message of RFC 1035; nothing where it has no question or is damaged before its end. */
export function readDns(bytes: Buffer): DnsMessage | undefined {
  if (bytes.length < 12 || bytes.readUInt16BE(4) === 0) return undefined
  const question = readName(bytes, 12)
  if (question === undefined || question.end + 4 > bytes.length) return undefined
  const isAnswer = (bytes.readUInt16BE(2) & 0x8000) !== 0
  const count = Math.min(bytes.readUInt16BE(6), mostAnswers)
  const answers = isAnswer ? readAnswers(bytes, question.end + 4, count) : []
  const isWhole = answers.length === count && count === bytes.readUInt16BE(6)
  return { id: bytes.readUInt16BE(0), isAnswer, query: question.name, answers: answers.flat(), isWhole }
}

function readAnswers(bytes: Buffer, start: number, count: number): readonly (readonly string[])[] {
  const answers: (readonly string[])[] = []
  let at = start
  while (answers.length < count) {
    const owner = readName(bytes, at)
    if (owner === undefined || owner.end + 10 > bytes.length) break
    const [kind, length] = [bytes.readUInt16BE(owner.end), bytes.readUInt16BE(owner.end + 8)]
    at = owner.end + 10
    if (at + length > bytes.length) break
    answers.push(readData(bytes, kind, { at, length }))
    at += length
  }
  return answers
}

function readData(
  bytes: Buffer,
  kind: number,
  { at, length }: { readonly at: number; readonly length: number },
): readonly string[] {
  if (kind === type.a && length === 4) return [bytes.subarray(at, at + 4).join('.')]
  if (kind === type.aaaa && length === 16) return [ipv6Text(bytes.subarray(at, at + 16))]
  const name = nameIn(bytes, kind, at)
  return name === undefined ? [] : [name.name]
}

function nameIn(bytes: Buffer, kind: number, at: number): ReturnType<typeof readName> {
  if (kind === type.cname || kind === type.ptr) return readName(bytes, at)
  if (kind === type.mx) return readName(bytes, at + 2)
  return kind === type.srv ? readName(bytes, at + 6) : undefined
}

/** A name with the place behind it; pointers lead backwards only, so that they end. */
function readName(bytes: Buffer, start: number): { readonly name: string; readonly end: number } | undefined {
  const labels: string[] = []
  let at = start
  let end: number | undefined
  for (let count = 0; count < mostLabels; count += 1) {
    const length = bytes[at]
    if (length === undefined) return undefined
    if (length === 0) return { name: labels.join('.').toLowerCase(), end: end ?? at + 1 }
    if (length >= 0xc0) {
      if (at + 2 > bytes.length) return undefined
      const to = bytes.readUInt16BE(at) & 0x3fff
      if (to >= at) return undefined
      end ??= at + 2
      at = to
    } else {
      if (length > 63 || at + 1 + length > bytes.length) return undefined
      labels.push(bytes.toString('latin1', at + 1, at + 1 + length))
      at += 1 + length
    }
  }
  return undefined
}
