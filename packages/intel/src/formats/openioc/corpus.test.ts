import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { type Condition, visit } from '@tocsin/model'
import { expect, test } from 'vitest'
import { loadYara } from '../../testdata/yara-x.ts'
import { readOpenIoc } from './read-openioc.ts'
import { termRow } from './terms.ts'

const corpus = new URL('../../../../../../shared/data/openioc/', import.meta.url)
const isHere = existsSync(corpus)
const why = isHere ? '' : ` (skipped: ${corpus.pathname} is absent)`

function files(): readonly URL[] {
  return ['mandiant', 'redteam-11', 'ioc_writer'].flatMap((folder) =>
    readdirSync(new URL(`${folder}/`, corpus))
      .filter((name) => name.endsWith('.ioc'))
      .map((name) => new URL(`${folder}/${encodeURIComponent(name)}`, corpus)),
  )
}

function values(condition: Condition): number {
  let count = 0
  visit(condition, (node) => {
    if (node.kind === 'term' && node.operand.kind === 'values') count += node.operand.values.length
    if (node.kind === 'content') count += 1
  })
  return count
}

test.runIf(isHere)(`every document of the corpus is read, and no item is refused${why}`, () => {
  const readings = files().map((file) => readOpenIoc(readFileSync(file), {}))
  expect(readings).toHaveLength(80)
  expect(readings.filter(({ document }) => document === undefined)).toEqual([])
  const codes = new Set(readings.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code)))
  expect([...codes].sort()).toEqual(['IOC005', 'IOC011', 'IOC012'])
  for (const { document } of readings) {
    expect(document && values(document.condition)).toBeGreaterThan(0)
    expect(document?.origins.get('')?.line).toBeGreaterThan(1)
  }
})

test.runIf(isHere)(`of the corpus's 1,306 items 1,278 are evaluable, 55 of its 68 terms${why}`, () => {
  const items = new Map<string, number>()
  for (const file of files()) {
    for (const [, term = ''] of readFileSync(file, 'utf8').matchAll(/<Context[^>]*search="([^"]+)"/g)) {
      items.set(term, (items.get(term) ?? 0) + 1)
    }
  }
  const evaluable = [...items].filter(([term]) => termRow(term).way.kind !== 'none')
  const sum = (counts: readonly (readonly [string, number])[]) =>
    counts.reduce((all, [, count]) => all + count, 0)
  expect([sum([...items]), items.size, sum(evaluable), evaluable.length]).toEqual([1306, 68, 1278, 55])
})

const lists = ['current', 'eventitem'].map((name) => new URL(`spec/iocterms__${name}.iocterms`, corpus))

test.runIf(isHere)(
  `the table has each of the 1,412 terms of Mandiant's lists, 465 are evaluable${why}`,
  () => {
    const names = lists.flatMap((list) =>
      [...readFileSync(list, 'utf8').matchAll(/<iocterm text="([^"]+)"/g)].map(([, name = '']) => name),
    )
    const ways = names.map((name) => termRow(name).way)
    expect(names).toHaveLength(1412)
    expect(ways.filter((way) => way.kind === 'none' && way.reason === 'unlisted')).toEqual([])
    expect(ways.filter(({ kind }) => kind !== 'none')).toHaveLength(465)
  },
)

test('the terms that the report on APT1 uses most are evaluable', () => {
  const names = [
    'FileItem/Md5sum',
    'FileItem/PEInfo/PETimeStamp',
    'FileItem/FileName',
    'FileItem/SizeInBytes',
    'FileItem/PEInfo/DetectedAnomalies/string',
    'FileItem/StringList/string',
    'FileItem/PEInfo/ImportedModules/Module/ImportedFunctions/string',
    'FileItem/PEInfo/Exports/ExportedFunctions/string',
    'RegistryItem/Text',
    'RegistryItem/Path',
  ]
  expect(names.filter((name) => termRow(name).way.kind === 'none')).toEqual([])
})

test.runIf(isHere)(`every rule that the corpus makes is one that YARA-X compiles${why}`, async () => {
  const { validate } = await loadYara()
  const blobs = files().flatMap((file) => [
    ...(readOpenIoc(readFileSync(file), {}).document?.blobs.values() ?? []),
  ])
  const texts = blobs.map((blob) => new TextDecoder().decode(blob))
  expect(texts.length).toBeGreaterThan(80)
  expect(texts.filter((text) => !validate(text).accepted)).toEqual([])
})
