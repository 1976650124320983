import fc from 'fast-check'
import { expect, test } from 'vitest'
import { observableOf, refang } from './observable.ts'

test.each([
  ['hxxps://evil[.]example[.]com/a', 'https://evil.example.com/a'],
  ['hxxp[:]//evil(.)example/', 'http://evil.example/'],
  ['1[.]2[.]3[.]4', '1.2.3.4'],
  ['evil(dot)example(dot)com', 'evil.example.com'],
])('%s is refanged', (fanged, plain) => {
  expect(refang(fanged)).toBe(plain)
})

test.each([
  ['D41D8CD98F00B204E9800998ECF8427E', { of: 'md5', value: 'd41d8cd98f00b204e9800998ecf8427e' }],
  ['10.0.0.0/8', { of: 'network', value: '10.0.0.0/8' }],
  ['2001:db8::1', { of: 'address', value: '2001:db8::1' }],
  ['::ffff:1.2.3.4', { of: 'address', value: '::ffff:1.2.3.4' }],
  ['1.2.3.4:8080', { of: 'address', value: '1.2.3.4' }],
  ['*.Evil.Example.com.', { of: 'domain', value: 'evil.example.com' }],
  ['http://[2001:db8::1]:80/x', { of: 'url', value: 'http://[2001:db8::1]:80/x', host: '2001:db8::1' }],
  ['http://user@evil.example/x', { of: 'url', value: 'http://user@evil.example/x', host: 'evil.example' }],
])('%s is recognised', (text, expected) => {
  expect(observableOf(text)).toEqual(expected)
})

test.each([
  '',
  '1.2.3',
  '1.2.3.456',
  '10.0.0.0/33',
  '2001:db8:::1',
  '1:2',
  'no domain',
  'localhost',
  'a..b',
  'http:///x',
])('%s is nothing to look for', (text) => {
  expect(observableOf(text)).toBeUndefined()
})

test('any text is answered without a fault', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => observableOf(refang(text)) !== null))
})
