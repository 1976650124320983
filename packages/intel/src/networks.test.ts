import { expect, test } from 'vitest'
import { networkHolds, readNetwork } from './networks.ts'

test.each([
  ['10.1.2.3', '10.1.2.3'],
  ['10.1.2.3/8', '10.0.0.0/8'],
  ['0:0:0:0:0:0:0:1', '::1'],
  ['2001:DB8::0:1', '2001:db8::1'],
  ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
  ['::ffff:1.2.3.4', '::ffff:102:304'],
  ['fe80::1/10', 'fe80::/10'],
  ['::/0', '::/0'],
])('%s is %s', (written, canonical) => {
  expect(readNetwork(written)?.text).toBe(canonical)
})

test.each([
  '',
  '1.2.3',
  '1.2.3.256',
  '01.2.3.4',
  '1.2.3.4/33',
  '1::2::3',
  '1:2:3:4:5:6:7:8:9',
  ':1',
  'g::',
  '1.2.3.4/',
  '::1/129',
])('“%s” is no network', (text) => {
  expect(readNetwork(text)).toBeUndefined()
})

test('a network holds what lies in it', () => {
  const holds = (outer: string, inner: string) => {
    const [wide, narrow] = [readNetwork(outer), readNetwork(inner)]
    return wide !== undefined && narrow !== undefined && networkHolds(wide, narrow)
  }
  expect(holds('127.0.0.0/8', '127.3.2.1')).toBe(true)
  expect(holds('127.0.0.0/8', '0.0.0.0/0')).toBe(false)
  expect(holds('10.0.0.0/9', '10.128.0.0')).toBe(false)
  expect(holds('::/0', '1.2.3.4')).toBe(false)
})
