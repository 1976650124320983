import { describe, expect, test } from 'vitest'
import { checkStrings } from './check-strings.ts'
import { scanRules } from './scan-rules.ts'

function said(source: string): readonly string[] {
  return checkStrings(source, scanRules(source)).map(({ code, severity }) => `${code} ${severity}`)
}
const withString = (string: string) => said(`rule r { strings: $a = ${string} condition: $a }`)

describe('a string', () => {
  test.each([
    ['"abcd"', []],
    ['"ab" wide', []],
    ['"ab" wide ascii', ['YAR010 note']],
    ['"MZ"', ['YAR010 note']],
    ['"\\x00\\x00\\x00\\x00\\xff"', ['YAR010 warning']],
    ['"\\x00\\x00\\x00\\x00abcd" nocase fullword', []],
    ['{ 4D 5A 90 00 }', []],
    ['{ 4D 5A ?? 00 }', ['YAR010 note']],
    ['{ 00 00 00 00 FF FF }', ['YAR010 warning']],
    ['{ ?? ?? [2-4] ?? }', ['YAR011 warning']],
    ['{ 4? ?D }', ['YAR011 warning']],
    ['{ 01 02 /* 03 */ 03 04 // more\n }', []],
    ['{ 01 02 [1-2] 03 04 ( AA | BB CC ) 05 06 07 08 }', []],
    ['/evil-[0-9]+/ nocase', []],
    ['/[a-z]{8}\\.exe/', []],
    ['/[a-z]{8}/', ['YAR011 warning']],
    ['/.*evil/', ['YAR011 warning']],
    ['/(foo|bar)x/s', ['YAR010 note']],
  ])('%s', (string, expected) => {
    expect(withString(string)).toEqual(expected)
  })
})

test('a rule without strings is told, unless it looks at size or beginning first or is private', () => {
  expect(said('import "pe" rule r { condition: pe.imphash() == "x" }')).toEqual(['YAR012 note'])
  expect(said('rule r { condition: filesize < 10 and all of them }')).toEqual([])
  expect(said('rule r { condition: uint16(0) == 0x5A4D }')).toEqual([])
  expect(said('private rule r { condition: pe.is_dll() }')).toEqual([])
})

test('strings are read with their modifiers, one after the other', () => {
  const source =
    'rule r { strings: $ = "a b" wide ascii $b = /x\\/y/is private $c = { 01 } xor(1-2) condition: any of them }'
  const strings = scanRules(source).rules[0]?.strings.map(({ name, kind, text, modifiers }) => [
    name,
    kind,
    text,
    modifiers.slice(0, 2),
  ])
  expect(strings).toEqual([
    ['$', 'text', 'a b', ['wide', 'ascii']],
    ['$b', 'regex', '/x\\/y/', ['is', 'private']],
    ['$c', 'hex', '{ 01 }', ['xor', '1-2']],
  ])
})

test('a remark points at its string', () => {
  const source = 'rule r { strings: $a = "abcd" $mz = "MZ" condition: any of them }'
  const [remark] = checkStrings(source, scanRules(source))
  expect(source.slice(remark?.span?.from, remark?.span?.to)).toBe('$mz = "MZ"')
})
