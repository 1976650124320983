import { requiredLiteral } from '@tocsin/model'
import type { YaraString } from './yara-strings.ts'

/** A fixed byte, or nothing where any byte may stand. */
type Byte = number | undefined

/** Engines search for pieces of so many bytes and look closer where they find one. */
export const atomLength = 4

/** How well a string can be searched for: the bytes of its best piece that few files have. */
export interface BestAtom {
  /** Fixed bytes in a row, at most `atomLength`. */
  readonly bytes: number
  /** All of them are of those that fill files. */
  readonly isCommon: boolean
}

export function bestAtom(string: YaraString): BestAtom {
  return runsOf(string).reduce<BestAtom>(
    (best, run) => {
      for (let at = 0; at === 0 || at + atomLength <= run.length; at += 1) {
        best = better(best, atomOf(run.slice(at, at + atomLength)))
        if (best.bytes === atomLength && !best.isCommon) break
      }
      return best
    },
    { bytes: 0, isCommon: true },
  )
}

function better(one: BestAtom, other: BestAtom): BestAtom {
  const worth = ({ bytes, isCommon }: BestAtom) => (isCommon ? 0 : atomLength) + bytes
  return worth(other) > worth(one) ? other : one
}

/** Padding and filling of executable and other files. */
const common: readonly number[] = [0x00, 0xff, 0x20, 0x90, 0xcc]

function atomOf(bytes: readonly number[]): BestAtom {
  return { bytes: bytes.length, isCommon: bytes.every((byte) => common.includes(byte)) }
}

/** Fixed bytes in a row. */
function runsOf({ kind, text, modifiers }: YaraString): readonly (readonly number[])[] {
  if (kind === 'hex') return hexRuns(text)
  const literal = kind === 'text' ? text : requiredLiteral(patternOf(text))
  const narrow = bytesOf(literal)
  const isWide = modifiers.includes('wide') && !modifiers.includes('ascii')
  return [isWide ? narrow.flatMap((byte) => [byte, 0]) : narrow]
}

/** An escaped byte is a character of that number; a letter beyond ASCII may be counted as one byte too few. */
function bytesOf(text: string): readonly number[] {
  return [...text].flatMap((character) => {
    const code = character.codePointAt(0) ?? 0
    return code <= 0xff ? [code] : [...new TextEncoder().encode(character)]
  })
}

/** Between the slashes, without flags. */
function patternOf(text: string): string {
  return text.slice(1, text.lastIndexOf('/'))
}

/** Jumps, alternatives, negations and unknown halves part runs. */
function hexRuns(text: string): readonly (readonly number[])[] {
  const plain = text.slice(1, -1).replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, ' ')
  const runs: number[][] = [[]]
  for (const [piece] of plain.matchAll(/\[[^\]]*\]|\([^)]*\)|~?[\da-fA-F?]{2}/g)) {
    const byte = byteOf(piece)
    if (byte === undefined) runs.push([])
    else runs.at(-1)?.push(byte)
  }
  return runs
}

function byteOf(piece: string): Byte {
  return /^[\da-fA-F]{2}$/.test(piece) ? Number.parseInt(piece, 16) : undefined
}
