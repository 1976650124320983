import type { Random } from './random.ts'
import { type Dialect, words } from './words.ts'

/** Longer inputs would be fewer inputs: what length alone does is measured elsewhere. */
const longest = 32_768

/** An input near to a seed: a few changes, each of a kind of its own. */
export function mutated(seeds: readonly Uint8Array[], dialect: Dialect, random: Random): Uint8Array {
  let bytes = random.pick(seeds) ?? new Uint8Array()
  for (let changes = 1 + random.below(6); changes > 0; changes -= 1) {
    const change = random.pick(changesOf) ?? flip
    bytes = change(bytes, { seeds, dialect, random }).subarray(0, longest)
  }
  return bytes
}

interface Means {
  readonly seeds: readonly Uint8Array[]
  readonly dialect: Dialect
  readonly random: Random
}
type Change = (bytes: Uint8Array, means: Means) => Uint8Array

const flip: Change = (bytes, { random }) => {
  const copy = bytes.slice()
  const at = random.below(copy.length)
  copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8))
  return copy
}

const setByte: Change = (bytes, { random }) => {
  const copy = bytes.slice()
  copy[random.below(copy.length)] =
    random.pick([0, 9, 10, 13, 32, 34, 39, 0x7f, 0x80, 0xbf, 0xc0, 0xed, 0xfe, 0xff]) ?? 0
  return copy
}

const cutOut: Change = (bytes, { random }) => {
  const [from, to] = rangeIn(bytes, random)
  return replaced(bytes, from, to, new Uint8Array())
}

const repeat: Change = (bytes, { random }) => {
  const [from, to] = rangeIn(bytes, random)
  const piece = bytes.slice(from, Math.min(to, from + 200))
  const times = random.pick([1, 2, 5, 40, 300]) ?? 1
  return replaced(bytes, to, to, joined(Array.from({ length: times }, () => piece)))
}

const putWord: Change = (bytes, { dialect, random }) => {
  const at = random.below(bytes.length + 1)
  const over = random.below(3) === 0 ? random.below(12) : 0
  const word = random.pick(words[dialect]) ?? ''
  return replaced(bytes, at, Math.min(bytes.length, at + over), new TextEncoder().encode(word))
}

/** Half of one input and half of another. */
const splice: Change = (bytes, { seeds, random }) => {
  const other = random.pick(seeds) ?? bytes
  return joined([
    bytes.subarray(0, random.below(bytes.length + 1)),
    other.subarray(random.below(other.length + 1)),
  ])
}

/** One balanced piece, an element or what stands between brackets or quotes, at another's place. */
const swapPiece: Change = (bytes, { seeds, random }) => {
  const other = random.pick(seeds) ?? bytes
  const taken = pieceIn(other, random)
  const [from, to] = pieceIn(bytes, random)
  return replaced(bytes, from, to, other.subarray(...taken))
}

/** One piece inside copies of what stands around it. */
const nest: Change = (bytes, { random }) => {
  const [from, to] = pieceIn(bytes, random)
  const [outerFrom, outerTo] = [
    Math.max(0, from - random.below(60)),
    Math.min(bytes.length, to + random.below(60)),
  ]
  const times = random.pick([2, 8, 64, 256]) ?? 2
  const before = bytes.subarray(outerFrom, from)
  const behind = bytes.subarray(to, outerTo)
  const copies = (piece: Uint8Array) => Array.from({ length: times }, () => piece)
  return joined([
    bytes.subarray(0, from),
    ...copies(before),
    bytes.subarray(from, to),
    ...copies(behind),
    bytes.subarray(to),
  ])
}

const numbers = ['0', '-1', '1e999', '9007199254740993', '4294967296', '0x7fffffff', '00', '1000000', '.5']
const putNumber: Change = (bytes, { random }) => {
  const text = new TextDecoder('latin1').decode(bytes)
  const found = [...text.matchAll(/\d+/g)]
  const one = random.pick(found)
  if (one === undefined) return bytes
  const number = new TextEncoder().encode(random.pick(numbers))
  return replaced(bytes, one.index, one.index + one[0].length, number)
}

const asUtf16: Change = (bytes, { random }) => {
  const text = new TextDecoder().decode(bytes.subarray(0, longest / 2))
  const units = Buffer.from(`${random.below(2) === 0 ? '\ufeff' : ''}${text}`, 'utf16le')
  return new Uint8Array(random.below(2) === 0 ? units : units.swap16())
}

const changesOf: readonly Change[] = [
  flip,
  setByte,
  cutOut,
  cutOut,
  repeat,
  putWord,
  putWord,
  putWord,
  splice,
  splice,
  swapPiece,
  swapPiece,
  nest,
  putNumber,
  asUtf16,
]

function rangeIn(bytes: Uint8Array, random: Random): readonly [number, number] {
  const from = random.below(bytes.length + 1)
  const length = random.below(random.pick([4, 32, 400]) ?? 4)
  return [from, Math.min(bytes.length, from + length)]
}

const closings: ReadonlyMap<number, number> = new Map([
  [0x7b, 0x7d],
  [0x5b, 0x5d],
  [0x28, 0x29],
  [0x3c, 0x3e],
])

/** A balanced piece that starts at some opening sign; else a line. */
function pieceIn(bytes: Uint8Array, random: Random): readonly [number, number] {
  const start = random.below(bytes.length + 1)
  for (let from = start; from < Math.min(bytes.length, start + 400); from += 1) {
    const open = bytes[from] ?? 0
    const close = closings.get(open)
    if (close === undefined) continue
    const to = endOfPiece(bytes, from, open, close)
    if (to !== undefined) return [from, to]
  }
  const newline = bytes.indexOf(10, start)
  return [start, newline === -1 ? bytes.length : newline + 1]
}

function endOfPiece(bytes: Uint8Array, from: number, open: number, close: number): number | undefined {
  let depth = 0
  for (let at = from; at < Math.min(bytes.length, from + 4_000); at += 1) {
    if (bytes[at] === open) depth += 1
    else if (bytes[at] === close) depth -= 1
    if (depth === 0) return at + 1
  }
  return undefined
}

function replaced(bytes: Uint8Array, from: number, to: number, by: Uint8Array): Uint8Array {
  return joined([bytes.subarray(0, from), by, bytes.subarray(to)])
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(pieces))
}
