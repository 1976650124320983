import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { visit, vocabulary } from '@tocsin/model'
import { expect, test } from 'vitest'
import { readCybox } from './read-cybox.ts'

const corpus = new URL('../../../../../../shared/data/cybox/samples/', import.meta.url)
const isHere = existsSync(corpus)
const why = isHere ? '' : ` (skipped: ${corpus.pathname} is absent)`

test.runIf(isHere)(`every CybOX sample is read; its fields are known or foreign${why}`, () => {
  const names = readdirSync(corpus)
  const known: string[] = []
  const foreign: string[] = []
  for (const name of names) {
    const { document } = readCybox(readFileSync(new URL(name, corpus)), { fileName: name })
    expect(document, name).toBeDefined()
    if (document === undefined) continue
    visit(document.condition, (node) => {
      if (node.kind === 'term') (vocabulary.has(node.property) ? known : foreign).push(node.property)
    })
    expect(foreign.every((property) => property.startsWith('foreign:cybox/'))).toBe(true)
  }
  expect([names.length, known.length, foreign.length]).toEqual([10, 66, 44])
})
