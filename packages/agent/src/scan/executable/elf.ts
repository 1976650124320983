import type { Facts } from './program-facts.ts'
import { type Span, textIn } from './span.ts'

const mostHeaders = 1_024
const mostSymbols = 10_000

const machines: Readonly<Record<number, string>> = {
  3: 'x86',
  8: 'mips',
  20: 'ppc',
  21: 'ppc64',
  22: 's390',
  40: 'arm',
  62: 'x86-64',
  183: 'arm64',
  243: 'riscv',
}

/** Numbers as wide and in the order that the file has them. */
class Words {
  readonly isLong: boolean
  private readonly isBig: boolean

  constructor(isLong: boolean, isBig: boolean) {
    this.isLong = isLong
    this.isBig = isBig
  }

  short(bytes: Buffer, at: number): number {
    return this.isBig ? bytes.readUInt16BE(at) : bytes.readUInt16LE(at)
  }

  word(bytes: Buffer, at: number): number {
    return this.isBig ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at)
  }

  /** Four or eight bytes; more than a number can hold is beyond every file. */
  wide(bytes: Buffer, at: number): number {
    if (!this.isLong) return this.word(bytes, at)
    return Number(this.isBig ? bytes.readBigUInt64BE(at) : bytes.readBigUInt64LE(at))
  }
}

interface Header {
  readonly name: string
  readonly type: number
  readonly address: number
  readonly offset: number
  readonly size: number
  readonly link: number
}

interface Image {
  readonly span: Span
  readonly words: Words
}

/** The facts of a program or library in ELF; nothing if it is none. */
export async function elfFacts(span: Span): Promise<Facts | undefined> {
  const head = await span.bytes(0, 64)
  if (head.length < 52 || head.toString('latin1', 0, 4) !== '\x7fELF') return undefined
  const [width, order] = [head[4], head[5]]
  if ((width !== 1 && width !== 2) || (order !== 1 && order !== 2) || (width === 2 && head.length < 64))
    return undefined
  const words = new Words(width === 2, order === 2)
  const image: Image = { span, words }
  const segments = await segmentsOf(image, head)
  const sections = await sectionsOf(image, head)
  const needed = await librariesOf(image, segments)
  const symbols = await symbolsOf(image, sections)
  const interpreter = segments.find(({ type }) => type === 3)
  return {
    format: 'elf',
    machine: machines[words.short(head, 18)] ?? 'other',
    entryPoint: words.wide(head, 24),
    sections: sections.map(({ name }) => name).filter((name) => name !== ''),
    libraries: needed,
    ...{ imports: symbols.imports, exports: symbols.exports },
    interpreter: interpreter === undefined ? undefined : await span.text(interpreter.offset, 4_096),
    buildId: await buildIdOf(image, segments),
    isWhole: !symbols.isCut && !span.isSpent,
  }
}

function pickOf(words: Words, long: number, short: number): number {
  return words.isLong ? long : short
}

async function segmentsOf({ span, words }: Image, head: Buffer): Promise<readonly Header[]> {
  const pick = (long: number, short: number) => pickOf(words, long, short)
  const width = pick(56, 32)
  const count = Math.min(words.short(head, pick(56, 44)), mostHeaders)
  const table = await span.bytes(words.wide(head, pick(32, 28)), count * width)
  return rowsIn(table, width).map((row) => ({
    ...{ name: '', type: words.word(row, 0), link: 0 },
    offset: words.wide(row, pick(8, 4)),
    address: words.wide(row, pick(16, 8)),
    size: words.wide(row, pick(32, 16)),
  }))
}

async function sectionsOf({ span, words }: Image, head: Buffer): Promise<readonly Header[]> {
  const pick = (long: number, short: number) => pickOf(words, long, short)
  const width = pick(64, 40)
  const count = Math.min(words.short(head, pick(60, 48)), mostHeaders)
  const table = await span.bytes(words.wide(head, pick(40, 32)), count * width)
  const rows = rowsIn(table, width).map((row) => ({
    name: words.word(row, 0),
    type: words.word(row, 4),
    address: words.wide(row, pick(16, 12)),
    offset: words.wide(row, pick(24, 16)),
    size: words.wide(row, pick(32, 20)),
    link: words.word(row, pick(40, 24)),
  }))
  const names = rows[words.short(head, pick(62, 50))]
  const texts = names === undefined ? Buffer.alloc(0) : await span.bytes(names.offset, names.size)
  return rows.map((row) => ({ ...row, name: textIn(texts, row.name) }))
}

/** Libraries that the loader is to find, by the dynamic segment. */
async function librariesOf({ span, words }: Image, segments: readonly Header[]): Promise<readonly string[]> {
  const dynamic = segments.find(({ type }) => type === 2)
  if (dynamic === undefined) return []
  const width = pickOf(words, 16, 8)
  const entries = rowsIn(await span.bytes(dynamic.offset, dynamic.size), width).map(
    (row) => [words.wide(row, 0), words.wide(row, width / 2)] as const,
  )
  const address = entries.find(([tag]) => tag === 5)?.[1] ?? 0
  const load = segments.find(
    (each) => each.type === 1 && address >= each.address && address - each.address < each.size,
  )
  const start = load === undefined ? address : address - load.address + load.offset
  const needed = entries.filter(([tag]) => tag === 1).slice(0, mostHeaders)
  return Promise.all(needed.map(([, at]) => span.text(start + at)))
}

/** Names that are taken from others, and names that are given to them. */
async function symbolsOf({ span, words }: Image, sections: readonly Header[]) {
  const [imports, exports]: [string[], string[]] = [[], []]
  const table = sections.find(({ type }) => type === 11)
  const texts = table === undefined ? undefined : sections[table.link]
  if (table === undefined || texts === undefined) return { imports, exports, isCut: false }
  const names = await span.bytes(texts.offset, texts.size)
  const width = pickOf(words, 24, 16)
  const rows = rowsIn(await span.bytes(table.offset, Math.min(table.size, mostSymbols * width)), width)
  for (const row of rows) {
    const name = textIn(names, words.word(row, 0))
    const isLocal = (row[pickOf(words, 4, 12)] ?? 0) >>> 4 === 0
    if (name === '' || isLocal) continue
    const isElsewhere = words.short(row, pickOf(words, 6, 14)) === 0
    if (isElsewhere) imports.push(name)
    else exports.push(name)
  }
  return { imports, exports, isCut: rows.length * width < table.size || names.length < texts.size }
}

// note := name-length content-length type name content, each padded to four bytes
async function buildIdOf({ span, words }: Image, segments: readonly Header[]): Promise<string | undefined> {
  for (const { offset, size } of segments.filter(({ type }) => type === 4)) {
    const notes = await span.bytes(offset, Math.min(size, 1 << 16))
    for (let at = 0; at + 12 <= notes.length; ) {
      const [name, content] = [words.word(notes, at), words.word(notes, at + 4)]
      const start = at + 12 + padded(name)
      if (words.word(notes, at + 8) === 3 && notes.toString('latin1', at + 12, at + 15) === 'GNU')
        return notes.toString('hex', start, Math.min(start + content, start + 64))
      at = start + padded(content)
    }
  }
  return undefined
}

function padded(length: number): number {
  return Math.ceil(length / 4) * 4
}

function rowsIn(table: Buffer, width: number): readonly Buffer[] {
  return Array.from({ length: Math.floor(table.length / width) }, (_, row) =>
    table.subarray(row * width, (row + 1) * width),
  )
}
