import { describe, expect, test } from 'vitest'
import { parseDisposition } from '../parse-disposition.ts'
import { nested, patternBombs, sigma } from './documents.ts'
import { codesOf, outcomeOf } from './outcome.ts'

const term = "process.path is 'a'"
const asSignal = { fileName: 'a.signal' }
const asList = { kind: 'list' } as const
const asSigma = { fileName: 'a.yml' }

describe('text from a stranger', () => {
  test('parentheses and groups of a signal 20,000 deep are refused', () => {
    expect(codesOf(nested(20_000, '(', term, ')'), asSignal)).toEqual(['SIG002'])
    expect(codesOf('('.repeat(65_000), asSignal)).toEqual(['SIG002'])
    expect(codesOf(nested(8_000, 'group(', term, ')'), asSignal)).toEqual(['SIG011'])
  })

  test('a signal of wrong terms only is told of a hundred of them', () => {
    const text = Array.from({ length: 3_000 }, () => 'a.b is c').join(' or ')
    expect(codesOf(text, asSignal)).toEqual(['SIG004', 'SIG009'])
  })

  test('conditions and YAML of Sigma 20,000 deep are refused', () => {
    const condition = (text: string) => sigma(`  s: {CommandLine: a}\n  condition: ${text}`)
    expect(codesOf(condition(nested(8_000, '(', 's', ')')), asSigma)).toEqual(['SGM006'])
    expect(codesOf(condition(`${'not '.repeat(4_000)}s`), asSigma)).toEqual(['SGM006'])
    for (const value of [
      nested(20_000, '[', '', ']'),
      '- '.repeat(20_000),
      '[ "]", '.repeat(20_000),
      '!a '.repeat(5_000),
      '- &a '.repeat(2_000),
    ])
      expect(outcomeOf(sigma(`  s: ${value}\n  condition: s`), asSigma).document).toBeUndefined()
  })

  test('aliases that stand for aliases are not read', () => {
    const level = (number: number) => `a${number + 1}: &a${number + 1} [${`*a${number},`.repeat(10)}]`
    const levels = Array.from({ length: 30 }, (_, number) => level(number)).join('\n')
    const text = `title: x\na0: &a0 [x,x]\n${levels}\ndetection: {s: *a30, condition: s}\n`
    expect(codesOf(text, asSigma)).toEqual(['SGM003'])
  })

  test('modifiers in a chain and quantities of quantities end', () => {
    const searches = Array.from(
      { length: 500 },
      (_, number) => `  s${number}: {CommandLine: a${number}}`,
    ).join('\n')
    const quantities = Array.from({ length: 500 }, () => '1 of s*').join(' or ')
    expect(codesOf(sigma(`${searches}\n  condition: ${quantities}`), asSigma)).toEqual(['SGM018'])
    const chained = sigma(`  s:\n   CommandLine${'|base64offset'.repeat(30)}|contains: 'aaa'\n  condition: s`)
    expect(codesOf(chained, asSigma)).toEqual(['SGM009'])
  })

  test('a list of very many lines alike is a list of one', () => {
    const { document } = outcomeOf(`${'0'.repeat(32)}\n`.repeat(100_000), asList)
    expect(JSON.stringify(document?.condition).length).toBeLessThan(2_000)
  })

  test('a list of 50,000 URLs by name and 50,000 by address is read in time', () => {
    const lines = Array.from(
      { length: 50_000 },
      (_, number) => `http://a${number}.example/\nhttp://10.1.${number >> 8}.${number & 255}/`,
    )
    expect(outcomeOf(lines.join('\n'), asList).document?.blobs.size).toBeGreaterThan(0)
  })

  test('one line of 4 MiB is no value, whatever it is made of', () => {
    for (const piece of ['a', ',', ' a', '[.]', '"', 'a.', '/', 'http://', ':'])
      expect(outcomeOf(piece.repeat(Math.floor((1 << 22) / piece.length)), asList).document).toBeUndefined()
  })

  test('ZIP and gzip bytes are no document, under whatever name', () => {
    const noise = Array.from({ length: 5_000 }, (_, at) => (at * 73) % 256)
    for (const start of [
      [0x50, 0x4b, 3, 4],
      [0x1f, 0x8b, 8, 0],
    ])
      for (const fileName of ['a', 'a.ioc', 'a.signal', 'a.stix2', 'a.yml'])
        expect(outcomeOf(new Uint8Array([...start, ...noise]), { fileName }).document).toBeUndefined()
  })

  test('a Content-Disposition of a megabyte has a short name or none', () => {
    for (const piece of ['filename=', ';', '"', '\\', "filename*=UTF-8''%e4", '%', '/', '= '])
      expect((parseDisposition(piece.repeat(100_000)) ?? '').length).toBeLessThanOrEqual(255)
  })

  test.each(patternBombs)('%s is used or refused in signals and Sigma', (_, pattern) => {
    const isUsable = pattern === '(a+)+$'
    const written = pattern.replaceAll('\\', '\\\\')
    expect(codesOf(`process.path matches '${written}'`, asSignal)).toEqual(isUsable ? [] : ['SIG013'])
    const rule = sigma(`  s:\n   CommandLine|re: '${pattern}'\n  condition: s`)
    expect(codesOf(rule, asSigma)).toEqual(isUsable ? [] : ['SGM010'])
  })
})
