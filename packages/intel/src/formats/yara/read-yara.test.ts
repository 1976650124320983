import { readdirSync, readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { compile } from '../../compile.ts'
import { renderText } from '../../diagnostics.ts'
import type { YaraValidator } from '../../document.ts'
import { loadYara } from '../../testdata/yara-x.ts'
import { readYara } from './read-yara.ts'
import { scanRules } from './scan-rules.ts'

let yara: YaraValidator

beforeAll(async () => {
  yara = await loadYara()
})

const folder = new URL('../../../testdata/yara/', import.meta.url)

describe.each(readdirSync(folder).filter((name) => name.endsWith('.yara')))('%s', (name) => {
  test('its diagnostics and its program stay as they are', async () => {
    const bytes = readFileSync(new URL(name, folder))
    const { document, diagnostics } = readYara(bytes, { fileName: name }, yara)
    expect(document === undefined).toBe(diagnostics.some(({ severity }) => severity === 'error'))
    const source = document?.contents ?? new TextDecoder().decode(bytes)
    const text = diagnostics.map((each) => `${renderText(each, source, name)}\n`).join('')
    const golden = (kind: string) => new URL(name.replace(/yara$/, kind), folder).pathname
    await expect(text).toMatchFileSnapshot(golden('diagnostics.txt'))
    const program = document === undefined ? null : compile(document, { id: 1, revision: 1 })
    await expect(`${JSON.stringify(program, null, 2)}\n`).toMatchFileSnapshot(golden('program.json'))
  })
})

const encode = (text: string) => new TextEncoder().encode(text)

test('the file name is the intrinsic id, else the first rule', () => {
  const rule = encode('rule r { strings: $a = "abcd" condition: $a }')
  expect(readYara(rule, { fileName: 'f.yara' }, yara).document).toMatchObject({
    intrinsicId: 'f.yara',
    name: 'f.yara',
  })
  expect(readYara(rule, {}, yara).document).toMatchObject({ intrinsicId: 'r', name: 'r' })
})

test('strings, regular expressions, hex strings and comments hide nothing and pretend nothing', () => {
  const bytes = readFileSync(new URL('imports-tags-and-meta.yara', folder), 'utf8')
  const { rules, imports, includes } = scanRules(bytes)
  expect(includes).toEqual([])
  expect(imports.map(({ name }) => name)).toEqual(['pe', 'hash'])
  expect(rules.map(({ name, isPrivate, tags }) => ({ name, isPrivate, tags }))).toEqual([
    { name: 'helper', isPrivate: true, tags: [] },
    { name: 'first_seen', isPrivate: false, tags: ['trojan', 'windows'] },
  ])
  expect(rules[1]?.meta.get('description')).toBe('A "quoted" description')
})

test('a span of a problem covers what the compiler points at', () => {
  const source = 'rule a {\n  condition:\n    foo\n}'
  const [problem] = yara.validate(source).problems
  expect(problem?.code).toBe('E009')
  expect(source.slice(problem?.from, problem?.to)).toBe('foo')
})

test('the outline of any text is found without end or error', () => {
  for (const text of [
    'rule',
    'rule a',
    'rule a {',
    'rule a { meta: x = "',
    'private',
    '/*',
    '{ = {',
    'rule a { strings: $a = {',
  ]) {
    expect(() => scanRules(text)).not.toThrow()
  }
})

const corpus = new URL('../../../../../../shared/data/yara/', import.meta.url)
const corpusFiles = (() => {
  try {
    return readdirSync(corpus, { recursive: true, encoding: 'utf8' }).filter((name) => /\.yara?$/.test(name))
  } catch {
    return []
  }
})()

test.skipIf(corpusFiles.length === 0)(
  'rules in circulation are read (skipped without the corpus beside the repository)',
  () => {
    const sample = corpusFiles.filter((_, at) => at % 10 === 0)
    const refused = sample.filter(
      (name) =>
        readYara(readFileSync(new URL(name, corpus)), { fileName: name }, yara).document === undefined,
    )
    expect(refused).toEqual([])
  },
)
