import fc from 'fast-check'
import { expect, test } from 'vitest'
import { solveBits } from './bits.ts'

const number = fc.nat(255)
const apply = { 'bit and': '&', 'bit or': '|', 'bit xor': '^' } as const

test.each(Object.keys(apply) as (keyof typeof apply)[])(
  'the solution of "%s" is what the equation says',
  (word) => {
    fc.assert(
      fc.property(number, number, number, (value, mask, result) => {
        const pattern = solveBits(word, mask, result)
        const combined = word === 'bit and' ? value & mask : word === 'bit or' ? value | mask : value ^ mask
        const solved =
          pattern?.set.every((bit) => (BigInt(value) & BigInt(bit)) !== 0n) &&
          pattern.clear.every((bit) => (BigInt(value) & BigInt(bit)) === 0n)
        expect(solved ?? false).toBe(combined === result)
      }),
    )
  },
)
