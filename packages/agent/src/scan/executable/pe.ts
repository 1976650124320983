import { createHash } from 'node:crypto'
import type { Facts } from './program-facts.ts'
import type { Span } from './span.ts'

const mostSections = 96
const mostLibraries = 1_000
const mostNames = 10_000

const machines: Readonly<Record<number, string>> = {
  332: 'x86',
  448: 'arm',
  452: 'arm',
  34404: 'x86-64',
  43620: 'arm64',
}

interface Section {
  readonly name: string
  readonly address: number
  readonly length: number
  readonly offset: number
}

interface Image {
  readonly span: Span
  readonly isLong: boolean
  readonly sections: readonly Section[]
  /** Address and size of each table that the header points to. */
  readonly directory: (entry: number) => { readonly at: number; readonly size: number }
}

interface Imports {
  readonly libraries: readonly string[]
  readonly functions: readonly string[]
  /** What the import hash is made of; nothing where a number would have to be a name. */
  readonly hashed: readonly string[] | undefined
  readonly isCut: boolean
}

/** The facts of a program for Windows; nothing if it is none. */
export async function peFacts(span: Span): Promise<Facts | undefined> {
  const dos = await span.whole(0, 64)
  if (dos === undefined || dos.toString('latin1', 0, 2) !== 'MZ') return undefined
  const start = dos.readUInt32LE(60)
  const head = await span.whole(start, 24)
  if (head === undefined || head.toString('latin1', 0, 4) !== 'PE\0\0') return undefined
  const optional = await span.bytes(start + 24, Math.min(head.readUInt16LE(20), 512))
  const magic = optional.length < 96 ? 0 : optional.readUInt16LE(0)
  if (magic !== 0x10b && magic !== 0x20b) return undefined
  const isLong = magic === 0x20b
  const sections = await sectionsOf(span, start + 24 + head.readUInt16LE(20), head.readUInt16LE(6))
  const image: Image = { span, isLong, sections, directory: directoryIn(optional, isLong) }
  const [imports, exports] = [await importsOf(image), await exportsOf(image)]
  const signature = image.directory(4) // the one place that is an offset in the file
  return {
    format: 'pe',
    machine: machines[head.readUInt16LE(4)] ?? 'other',
    entryPoint: optional.readUInt32LE(16),
    sections: sections.map(({ name }) => name),
    libraries: imports.libraries,
    imports: imports.functions,
    exports: exports.names,
    compiled: head.readUInt32LE(8),
    imphash: imports.hashed === undefined || imports.isCut ? null : hashOf(imports.hashed),
    isSigned: signature.size > 8 && signature.at > 0 && signature.at + signature.size <= span.size,
    isWhole: !imports.isCut && !exports.isCut && !span.isSpent && sections.length === head.readUInt16LE(6),
  }
}

function directoryIn(optional: Buffer, isLong: boolean): Image['directory'] {
  const first = isLong ? 112 : 96
  const count = optional.length < first ? 0 : optional.readUInt32LE(first - 4)
  return (entry) => {
    const at = first + entry * 8
    const isThere = entry < count && at + 8 <= optional.length
    return isThere
      ? { at: optional.readUInt32LE(at), size: optional.readUInt32LE(at + 4) }
      : { at: 0, size: 0 }
  }
}

// section := name[8] virtual-size address raw-size offset …
async function sectionsOf(span: Span, at: number, count: number): Promise<readonly Section[]> {
  const table = await span.bytes(at, Math.min(count, mostSections) * 40)
  return Array.from({ length: Math.floor(table.length / 40) }, (_, number) => {
    const row = table.subarray(number * 40)
    return {
      name: row.toString('latin1', 0, 8).replace(/\0.*$/s, ''),
      address: row.readUInt32LE(12),
      length: Math.max(row.readUInt32LE(8), row.readUInt32LE(16)),
      offset: row.readUInt32LE(20),
    }
  })
}

/** Where an address of the loaded program lies in the file. */
function offsetOf({ sections }: Image, address: number): number {
  const section = sections.find((each) => address >= each.address && address - each.address < each.length)
  return section === undefined ? address : address - section.address + section.offset
}

/** Descriptors up to an empty one. */
async function importsOf(image: Image): Promise<Imports> {
  const { at, size } = image.directory(1)
  const [libraries, functions, hashed]: [string[], string[], string[]] = [[], [], []]
  let [isNamed, isCut] = [true, false]
  const table = at === 0 || size === 0 ? Buffer.alloc(0) : await tableAt(image, at, mostLibraries * 20)
  for (let row = 0; row + 20 <= table.length; row += 20) {
    const [names, name, bound] = [0, 12, 16].map((field) => table.readUInt32LE(row + field))
    if (!name || !(names || bound)) break
    const library = (await image.span.text(offsetOf(image, name))).toLowerCase()
    libraries.push(library)
    const found = await functionsOf(image, names || bound || 0, mostNames - functions.length)
    isCut ||= found.isCut
    const bare = library.replace(/\.(?:dll|ocx|sys)$/, '')
    for (const each of found.functions) {
      if (typeof each === 'string') functions.push(each)
      else isNamed &&= !numbered.has(bare)
      hashed.push(`${bare}.${typeof each === 'string' ? each.toLowerCase() : `ord${each}`}`)
    }
  }
  return { libraries, functions, hashed: isNamed ? hashed : undefined, isCut }
}

// Limit: the import hash of a program that imports from these by number is not known: it takes the names that they have.
const numbered: ReadonlySet<string> = new Set(['ws2_32', 'wsock32', 'oleaut32'])

/** Names, or numbers. */
async function functionsOf(image: Image, at: number, most: number) {
  const width = image.isLong ? 8 : 4
  const table = await tableAt(image, at, (most + 1) * width)
  const functions: (string | number)[] = []
  for (let row = 0; row + width <= table.length; row += width) {
    const low = table.readUInt32LE(row)
    const high = image.isLong ? table.readUInt32LE(row + 4) : low
    if (low === 0 && high === 0) return { functions, isCut: false }
    if (functions.length >= most) break
    const isNumber = high >>> 31 === 1
    functions.push(isNumber ? low & 0xffff : await image.span.text(offsetOf(image, low) + 2))
  }
  return { functions, isCut: true }
}

// directory := … names-count[24] … addresses of names[32]
async function exportsOf(image: Image) {
  const names: string[] = []
  const { at, size } = image.directory(0)
  const head = at === 0 || size === 0 ? undefined : await image.span.whole(offsetOf(image, at), 40)
  if (head === undefined) return { names, isCut: at !== 0 && size !== 0 }
  const count = head.readUInt32LE(24)
  const table = await tableAt(image, head.readUInt32LE(32), Math.min(count, mostNames) * 4)
  for (let row = 0; row + 4 <= table.length; row += 4)
    names.push(await image.span.text(offsetOf(image, table.readUInt32LE(row))))
  return { names, isCut: names.length < count }
}

function tableAt(image: Image, address: number, length: number): Promise<Buffer> {
  return image.span.bytes(offsetOf(image, address), length)
}

function hashOf(parts: readonly string[]): string | undefined {
  return parts.length === 0 ? undefined : createHash('md5').update(parts.join(','), 'latin1').digest('hex')
}
