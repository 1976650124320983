import { expect, test } from 'vitest'
import { cutRules, withoutRules } from './cut-rules.ts'

const text = `
import "pe" // rule not_one {}
/* rule neither { } */
private rule base { strings: $a = "} rule fake {" condition: $a }
global rule everywhere { condition: filesize < 1MB }
rule hex : tag { meta: author = "x" strings: $h = { 00 ?? [0-4] ( 41 | 42 ) /* } */ 43 } $r = /a}\\/b{1,2}/ condition: any of them }
rule uses { condition: base and #a > 0 }
rule chain { condition: uses }
`

test('rules are cut at their own braces, not at those of strings, comments and hex strings', () => {
  expect(cutRules(text).map(({ rule }) => rule)).toEqual(['base', 'everywhere', 'hex', 'uses', 'chain'])
})

test('a rule comes with imports, global rules and what it names, directly or not', () => {
  const chain = cutRules(text).find(({ rule }) => rule === 'chain')
  expect(chain?.needs).toEqual(['uses', 'base'])
  expect(chain?.text).toMatch(
    /^import "pe"\nprivate rule base .*\nglobal rule everywhere .*\nrule uses .*\nrule chain /,
  )
  expect(chain?.text).not.toContain('rule hex')
})

test('without a rule, those that name it go too', () => {
  const left = withoutRules(text, cutRules(text), new Set(['base']))
  expect(cutRules(left).map(({ rule }) => rule)).toEqual(['everywhere', 'hex'])
  expect(left).toContain('import "pe"')
})

test('a text whose rules all go is empty', () => {
  expect(withoutRules(text, cutRules(text), new Set(['base', 'everywhere', 'hex']))).toBe('')
})

test('a broken text gives the rules that can be seen', () => {
  expect(cutRules('rule a { condition: true } rule b { strings: $x = "').map(({ rule }) => rule)).toEqual([
    'a',
  ])
  expect(cutRules('')).toEqual([])
})
