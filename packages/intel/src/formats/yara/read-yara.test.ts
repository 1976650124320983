import { existsSync, readdirSync, readFileSync } from 'node:fs'
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

test('techniques stand in the meta data of rules', () => {
  const rule =
    'rule r { meta: mitre_att = "T1021.005" mitre_group = "S0534" strings: $a = "abcd" condition: $a }'
  expect(readYara(encode(rule), {}, yara).document?.techniques).toEqual([{ id: 'T1021.005', name: '' }])
})

test('every external variable is known with its type', () => {
  const asking = (condition: string) =>
    readYara(encode(`rule r { strings: $a = "abcd" condition: $a and ${condition} }`), {}, yara)
  const texts = ['filename', 'filepath', 'extension', 'filetype', 'owner'].map((name) => `${name} == "x"`)
  expect(asking([...texts, 'new'].join(' and ')).diagnostics).toEqual([])
  expect(asking('new == "x"').diagnostics).toMatchObject([{ code: 'YAR003', severity: 'error' }])
  expect(asking('md5 == "x"').document).toBeUndefined()
})

const corpus = new URL('../../../../../../shared/data/yara/', import.meta.url)
const isHere = existsSync(corpus)
const why = isHere ? '' : ` (skipped: ${corpus.pathname} is absent)`

test.runIf(isHere)(
  `rules in circulation are read by both engines${why}`,
  () => {
    const files = readdirSync(corpus, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.yara?$/.test(name),
    )
    const read = files.map((name) => {
      const bytes = readFileSync(new URL(name, corpus))
      const { document, diagnostics } = readYara(bytes, { fileName: name }, yara)
      const content = document?.condition.kind === 'content' ? document.condition : undefined
      return { rules: scanRules(document?.contents ?? '').rules.length, content, diagnostics }
    })
    const modules = read.flatMap(({ content }) => content?.modules ?? [])
    expect({
      files: read.length,
      rules: read.reduce((total, { rules }) => total + rules, 0),
      refused: read.filter(({ content }) => content === undefined).length,
      'of both engines': read.filter(({ content }) => content?.engines.length === 2).length,
      modules: Object.fromEntries(
        [...Map.groupBy(modules, (name) => name)].map(([name, all]) => [name, all.length]),
      ),
    }).toMatchInlineSnapshot(`
      {
        "files": 135,
        "modules": {
          "dotnet": 8,
          "hash": 3,
          "math": 1,
          "pe": 14,
        },
        "of both engines": 135,
        "refused": 0,
        "rules": 164,
      }
    `)
  },
  300_000,
)
