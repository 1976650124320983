import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { type Condition, visit, vocabulary } from '@tocsin/model'
import { expect, test } from 'vitest'
import { readOpenIoc } from './read-openioc.ts'
import { isForeign, knownTerms, termRow } from './terms.ts'

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
  })
  return count
}

test.runIf(isHere)(`every document of the corpus is read, and no item is refused${why}`, () => {
  const readings = files().map((file) => readOpenIoc(readFileSync(file), {}))
  expect(readings).toHaveLength(80)
  expect(readings.filter(({ document }) => document === undefined)).toEqual([])
  const codes = new Set(readings.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code)))
  expect([...codes].sort()).toEqual(['IOC005', 'IOC010'])
  for (const { document } of readings) {
    expect(document && values(document.condition)).toBeGreaterThan(0)
    expect(document?.origins.get('')?.line).toBeGreaterThan(1)
  }
})

test.runIf(isHere)(`of the corpus's 1,306 items 1,126 are evaluable, 32 of its 68 terms${why}`, () => {
  const items = new Map<string, number>()
  for (const file of files()) {
    for (const [, term = ''] of readFileSync(file, 'utf8').matchAll(/<Context[^>]*search="([^"]+)"/g)) {
      items.set(term, (items.get(term) ?? 0) + 1)
    }
  }
  const evaluable = [...items].filter(([term]) => !isForeign(termRow(term)))
  const sum = (counts: readonly (readonly [string, number])[]) =>
    counts.reduce((all, [, count]) => all + count, 0)
  expect([sum([...items]), items.size, sum(evaluable), evaluable.length]).toEqual([1306, 68, 1126, 32])
})

test('every term that is not foreign reads a row of the vocabulary', () => {
  for (const name of knownTerms()) expect(vocabulary.has(termRow(name).property), name).toBe(true)
})
