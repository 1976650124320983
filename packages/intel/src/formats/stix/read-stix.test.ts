import { readdirSync, readFileSync } from 'node:fs'
import { visit } from '@tocsin/model'
import { expect, test } from 'vitest'
import { describeGoldens, testMutations } from '../../testdata/goldens.ts'
import { readStix } from './read-stix.ts'

const folder = new URL('../../../testdata/stix/', import.meta.url)
const fixtures = readdirSync(folder).filter((name) => name.endsWith('.stix'))
const bytesOf = (name: string) => readFileSync(new URL(name, folder))

describeGoldens(folder, fixtures, (fixture) => readStix(bytesOf(fixture), {}))
testMutations(fixtures.map(bytesOf), (bytes) => readStix(bytes, {}))

test('rules that OpenIOC inside a document makes are kept with it', () => {
  const { document } = readStix(bytesOf('other-languages-inside.stix'), {})
  const asked = new Set<string>()
  if (document !== undefined) {
    visit(document.condition, (node) => {
      if (node.kind === 'content') asked.add(node.source)
    })
  }
  expect(asked.size).toBe(2)
  expect([...(document?.blobs.keys() ?? [])].sort()).toEqual([...asked].sort())
})
