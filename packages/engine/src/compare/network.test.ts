import { expect, test } from 'vitest'
import { compare } from './compare.ts'
import { addressOf } from './network.ts'
import { NetworkLines } from './network-lines.ts'

const inside = (value: string, network: string) =>
  compare(value, 'in network', network, { exact: false }) === 'match'
const covers = (value: string, network: string) =>
  compare(value, 'covers network', network, { exact: false }) === 'match'

test('an address is in a network of its family, whatever bits its base has set', () => {
  expect(inside('11.22.33.44', '11.22.41.123/20')).toBe(true)
  expect(inside('11.22.33.44', '11.22.123.41/20')).toBe(false)
  expect(inside('2001:DB8::1', '2001:db8::/32')).toBe(true)
  expect(inside('10.0.0.1', '::/0')).toBe(false)
  expect(inside('10.0.0.1', '0.0.0.0/0')).toBe(true)
})

test('an IPv4 address in IPv6 clothes is the IPv4 address', () => {
  expect(inside('::ffff:10.1.2.3', '10.0.0.0/8')).toBe(true)
  expect(inside('10.1.2.3', '::ffff:10.0.0.0/104')).toBe(true)
  expect(inside('11.1.2.3', '::ffff:10.0.0.0/104')).toBe(false)
  expect(inside('10.1.2.3', '::ffff:a01:203')).toBe(true)
})

test('a network is in a wider one and not in a narrower one', () => {
  expect(inside('10.1.0.0/16', '10.0.0.0/8')).toBe(true)
  expect(inside('10.0.0.0/8', '10.1.0.0/16')).toBe(false)
  expect(covers('11.22.33.44/20', '11.22.41.123/29')).toBe(true)
  expect(covers('11.22.33.44', '11.22.33.44')).toBe(true)
})

test('what is no address is in no network', () => {
  for (const text of [
    '',
    'x',
    '1.2.3',
    '1.2.3.256',
    '1.2.3.4.5',
    ':::',
    '1::2::3',
    '1.2.3.4/33',
    '12345::',
    '1:2:3:4:5:6:7:8:9',
  ]) {
    expect(inside(text, '0.0.0.0/0')).toBe(false)
    expect(inside(text, '::/0')).toBe(false)
  }
  expect(addressOf('fe80::1%eth0')).toEqual(addressOf('fe80::1'))
})

test('a set of networks holds what one of its lines holds, in both families', () => {
  const set = new NetworkLines(
    new TextEncoder().encode('10.0.0.0/8\n192.0.2.7/32\n2001:db8::/32\nnonsense\n'),
  )
  expect(set.has('10.200.3.4')).toBe(true)
  expect(set.has('192.0.2.7')).toBe(true)
  expect(set.has('192.0.2.8')).toBe(false)
  expect(set.has('2001:db8:ffff::1')).toBe(true)
  expect(set.has('2001:db9::1')).toBe(false)
  expect(set.has('::ffff:10.1.1.1')).toBe(true)
})
