import { expect, test } from 'vitest'
import { checkHost, hostOf } from './hosts.ts'

test.each([
  ['10.1.2.3', '10.1.2.3:8080'],
  ['fd00::1', '[fd00::1]:8080'],
  ['Tocsin.Example', 'tocsin.example'],
])('a server at %s is called %s', (address, header) => {
  expect(() => checkHost(header, [hostOf(address)])).not.toThrow()
  expect(() => checkHost(header, [])).toThrow('This Host header is not served here.')
})

test('no Host at all is refused', () => {
  expect(() => checkHost(undefined, [])).toThrow('This Host header is not served here.')
})
