import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readIntel } from '../read-intel.ts'
import { layOut } from './lay-out.ts'
import { layOutJson } from './lay-out-json.ts'
import { layOutSignal } from './lay-out-signal.ts'
import { layOutXml } from './lay-out-xml.ts'

const yara = { validate: () => ({ accepted: true, problems: [] }) }

test('a signal has one line, or one for each part of its outermost operation', () => {
  expect(layOutSignal('  process.path   ENDS with x and(process.name is y)\n')).toBe(
    "process.path ends with 'x' AND process.name is 'y'\n",
  )
  const long = 'a'.repeat(60)
  const text = `process.path is ${long} and (process.name is ${long} or process.name is b)`
  expect(layOutSignal(text)).toBe(
    `process.path is '${long}'\n  AND (process.name is '${long}' OR process.name is 'b')\n`,
  )
  expect(layOutSignal(layOutSignal(text))).toBe(layOutSignal(text))
})

test('a signal that has no name but its text is laid out', () => {
  const bytes = new TextEncoder().encode("process.name   is 'a'")
  const read = (again: Uint8Array) => readIntel(again, {}, { yara })
  const { document } = read(bytes)
  expect(document && layOut(bytes, document, read)).toEqual({
    kind: 'laid out',
    text: "process.name is 'a'\n",
  })
})

test('JSON keeps its keys, their order, its numbers and escapes', () => {
  expect(layOutJson('{"b":1.0,"a":[],"c":{},"d":[1e400,"\\u0041{,}"],"b":12345678901234567890}')).toBe(
    '{\n  "b": 1.0,\n  "a": [],\n  "c": {},\n  "d": [\n    1e400,\n    "\\u0041{,}"\n  ],\n  "b": 12345678901234567890\n}\n',
  )
})

test('of any JSON the layout is that of JSON.stringify', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      const text = JSON.stringify(value)
      expect(layOutJson(text)).toBe(`${JSON.stringify(JSON.parse(text), null, 2)}\n`)
    }),
  )
})

test('XML changes only between elements', () => {
  const text =
    '<?xml version="1.0"?><!-- a > b --><r x="1>0"  y=\'"\'><a>  </a><b>t<i/>u</b>\r\n\r\n<!-- c\n   d --><c><![CDATA[ <x> ]]></c><d xml:space="preserve"> <e/></d><f><g/>  <h></h></f></r>'
  expect(layOutXml(text).split('\r\n')).toEqual([
    '<?xml version="1.0"?>',
    '<!-- a > b -->',
    '<r x="1>0"  y=\'"\'>',
    '  <a>  </a>',
    '  <b>t<i/>u</b>',
    '  <!-- c\n   d -->',
    '  <c><![CDATA[ <x> ]]></c>',
    '  <d xml:space="preserve"> <e/></d>',
    '  <f>',
    '    <g/>',
    '    <h></h>',
    '  </f>',
    '</r>',
    '',
  ])
})

test('YARA, Sigma, lists and other encodings are left as they are', () => {
  const sample = (text: string | Uint8Array, fileName: string) => {
    const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text
    const read = (again: Uint8Array) => readIntel(again, { fileName }, { yara })
    const { document } = read(bytes)
    return document && layOut(bytes, document, read).kind
  }
  expect(sample('rule a { condition: true }', 'a.yara')).toBe('left')
  expect(
    sample('title: a\nlogsource: {category: dns}\ndetection: {s: {query: a}, condition: s}', 'a.yml'),
  ).toBe('left')
  expect(sample('bad.example.com', 'a.txt')).toBe('left')
  const ioc =
    '<ioc xmlns="http://schemas.mandiant.com/2010/ioc" id="x"><definition><Indicator operator="OR"/></definition></ioc>'
  expect(sample(ioc, 'a.ioc')).toBe('laid out')
  expect(sample(`<?xml version="1.0" encoding="iso-8859-1"?>${ioc}`, 'a.ioc')).toBe('left')
  expect(sample(new Uint8Array(Buffer.from(`\ufeff${ioc}`, 'utf16le')), 'a.ioc')).toBe('left')
})

/** Every document under a folder is laid out so that it means what it meant, and the layout is final. */
function expectLaidOut(folder: string): number {
  let count = 0
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(?:ioc|xml|stix|json|misp|signal|stix2)$/.test(entry.name)) continue
    const bytes = readFileSync(join(entry.parentPath, entry.name))
    const read = (again: Uint8Array) => readIntel(again, { fileName: basename(entry.name) }, { yara })
    const { document } = read(bytes)
    if (document === undefined) continue
    const once = layOut(bytes, document, read)
    expect(
      once.kind === 'laid out' || /UTF-8|encoding/.test(once.why),
      `${entry.name} ${JSON.stringify(once).slice(0, 200)}`,
    ).toBe(true)
    if (once.kind !== 'laid out') continue
    count += 1
    const laid = new TextEncoder().encode(once.text)
    const again = read(laid).document
    expect(again && layOut(laid, again, read)).toEqual(once)
  }
  return count
}

test('our own documents keep their meaning', () => {
  expect(expectLaidOut(fileURLToPath(new URL('../../testdata/', import.meta.url)))).toBeGreaterThan(80)
})

const corpus = fileURLToPath(new URL('../../../../../shared/data/', import.meta.url))
const isHere = existsSync(corpus)
test.runIf(isHere)(
  `the corpus keeps its meaning${isHere ? '' : ` (skipped: ${corpus} is absent)`}`,
  { timeout: 240_000 },
  () => {
    const counts = ['openioc', 'cybox', 'stix2', 'misp'].map((folder) => expectLaidOut(join(corpus, folder)))
    expect(counts).toEqual([80, 10, 16, 3])
  },
)
