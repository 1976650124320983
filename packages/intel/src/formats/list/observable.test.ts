import fc from 'fast-check'
import { expect, test } from 'vitest'
import { observableOf } from './observable.ts'
import { refang } from './refang.ts'

test.each([
  ['hxxps://evil[.]example[.]com/a', 'https://evil.example.com/a'],
  ['hxxp[:]//evil(.)example/', 'http://evil.example/'],
  ['1[.]2[.]3[.]4', '1.2.3.4'],
  ['evil(dot)example(dot)com', 'evil.example.com'],
  ['evil{.}example[dot]com', 'evil.example.com'],
  ['evil[.example.]com', 'evil.example.com'],
  ['evil\\.example', 'evil.example'],
  ['evil[ . ]example', 'evil.example'],
  ['ｅｖｉｌ．ｅｘａｍｐｌｅ', 'evil.example'],
  ['evil。example', 'evil.example'],
  ['h**p://evil.example', 'http://evil.example'],
  ['[http]://evil.example', 'http://evil.example'],
  ['hXXps[://]evil.example', 'https://evil.example'],
  ['fxp://evil.example', 'ftp://evil.example'],
  ['someone[at]evil[.]example', 'someone@evil.example'],
  ['https://evil.example/a(b)c', 'https://evil.example/a(b)c'],
])('%s is refanged', (fanged, plain) => {
  expect(refang(fanged)).toBe(plain)
})

test.each([
  ['D41D8CD98F00B204E9800998ECF8427E', { of: 'md5', value: 'd41d8cd98f00b204e9800998ecf8427e' }],
  ['10.0.0.0/8', { of: 'network', value: '10.0.0.0/8' }],
  ['2001:db8::1', { of: 'address', value: '2001:db8::1' }],
  ['::ffff:1.2.3.4', { of: 'address', value: '1.2.3.4' }],
  ['10.1.2.3/8', { of: 'network', value: '10.0.0.0/8' }],
  ['2001:DB8:0:0::1', { of: 'address', value: '2001:db8::1' }],
  ['2001:db8::/32', { of: 'network', value: '2001:db8::/32' }],
  ['[2001:db8::1]:443', { of: 'address', value: '2001:db8::1' }],
  ['evil.example:8443', { of: 'domain', value: 'evil.example' }],
  ['bücher.example', { of: 'domain', value: 'xn--bcher-kva.example' }],
  ['xn--bcher-kva.example', { of: 'domain', value: 'xn--bcher-kva.example' }],
  ['evil.example/gate.php', { of: 'url', value: 'http://evil.example/gate.php', host: 'evil.example' }],
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
