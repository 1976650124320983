import { expect, test } from 'vitest'
import { networksBetween } from './address-range.ts'

test('a range of addresses is the fewest networks that hold just these', () => {
  expect(networksBetween('192.0.2.0', '192.0.2.255', true)).toEqual(['192.0.2.0/24'])
  expect(networksBetween('192.0.2.1', '192.0.2.4', true)).toEqual([
    '192.0.2.1/32',
    '192.0.2.2/31',
    '192.0.2.4/32',
  ])
  expect(networksBetween('0.0.0.0', '255.255.255.255', true)).toEqual(['0.0.0.0/0'])
  expect(networksBetween('2001:db8::', '2001:db8::ff', true)).toEqual(['2001:db8::/120'])
})

test('without its ends a range is shorter, and the order of writing does not matter', () => {
  expect(networksBetween('192.0.2.4', '192.0.2.1', false)).toEqual(['192.0.2.2/31'])
  expect(networksBetween('192.0.2.1', '192.0.2.1', false)).toEqual([])
})

test('two kinds of address, or none, are no range', () => {
  expect(networksBetween('192.0.2.1', '::1', true)).toBeUndefined()
  expect(networksBetween('192.0.2.0/24', '192.0.3.0', true)).toBeUndefined()
})

test('the widest range of IPv6 stays short', () => {
  expect(networksBetween('::1', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe', true)?.length).toBeLessThan(256)
})
