import fc from 'fast-check'
import { expect, test } from 'vitest'
import { allowedBytes, type Droppable, shares, surplus } from './retention.ts'
import { allSeries, type Series } from './segment-files.ts'

const cap = 1_000
const segment = (series: Series, from: number, bytes: number): Droppable => ({
  ...{ series, from, bytes, state: 'sealed', path: `${series}/${from}`, isInUse: false },
})
const names = (files: readonly { readonly path: string }[]) => files.map(({ path }) => path)
const sizeOf = (files: readonly Droppable[], series: Series) =>
  files.filter((file) => file.series === series).reduce((sum, { bytes }) => sum + bytes, 0)

test('files never have more than their part, though there is room', () => {
  const files = [1, 2, 3, 4].map((from) => segment('file', from, 100))
  expect(names(surplus(files, { bytes: cap, cap, oldest: 0 }))).toEqual(['file/1'])
})

test('a segment goes when the one after it is too old, never one in use', () => {
  const files = [1, 5, 9].map((from) => segment('process', from, 1))
  expect(names(surplus(files, { bytes: cap, cap, oldest: 6 }))).toEqual(['process/1'])
  const [first, ...rest] = files
  const used = [...(first === undefined ? [] : [{ ...first, isInUse: true }]), ...rest]
  expect(names(surplus(used, { bytes: cap, cap, oldest: 6 }))).toEqual([])
})

test('processes and security keep their part whatever the others write; the oldest of a series goes first', () => {
  const some = fc.array(fc.tuple(fc.constantFrom(...allSeries), fc.integer({ min: 1, max: 120 })), {
    maxLength: 40,
  })
  fc.assert(
    fc.property(some, (made) => {
      const files = made.map(([series, bytes], from) => segment(series, from, bytes))
      const dropped = new Set(surplus(files, { bytes: cap, cap, oldest: 0 }))
      const kept = files.filter((file) => !dropped.has(file))
      const total = kept.reduce((sum, { bytes }) => sum + bytes, 0)
      expect(total).toBeLessThanOrEqual(cap)
      expect(sizeOf(kept, 'file')).toBeLessThanOrEqual(shares.file * cap)
      const lost = sizeOf(files, 'process') - sizeOf(kept, 'process')
      if (lost > 0) expect(sizeOf(kept, 'process') + 120).toBeGreaterThan(shares.process * cap)
      for (const series of allSeries) {
        const firstKept = kept.find((file) => file.series === series)?.from ?? Number.POSITIVE_INFINITY
        for (const file of dropped) if (file.series === series) expect(file.from).toBeLessThan(firstKept)
      }
    }),
  )
})

test('it shrinks before the file system is short of room, to a quarter, and then does not grow', () => {
  const size = 100_000
  const used = cap
  expect(allowedBytes({ free: 50_000, size }, { cap, used })).toEqual({ bytes: cap, mayGrow: true })
  const near = allowedBytes({ free: 5_100, size }, { cap, used })
  expect(near.bytes).toBeLessThan(cap)
  expect(near.mayGrow).toBe(true)
  expect(allowedBytes({ free: 4_999, size }, { cap, used })).toMatchObject({ mayGrow: false })
  expect(allowedBytes({ free: 0, size }, { cap, used })).toEqual({ bytes: cap / 4, mayGrow: false })
  expect(allowedBytes({ free: 2_999, size: 10_000 }, { cap, used }).mayGrow).toBe(false)
})
