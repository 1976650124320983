import { readdirSync, readFileSync } from 'node:fs'
import { visit } from '@tocsin/model'
import { expect, test } from 'vitest'
import type { YaraValidator } from '../../document.ts'
import { describeGoldens, testMutations } from '../../testdata/goldens.ts'
import { loadYara } from '../../testdata/yara-x.ts'
import { readStix } from './read-stix.ts'

const yara = await loadYara()
/** Compiling rules hundreds of times shows nothing more. */
const accepting: YaraValidator = { validate: () => ({ accepted: true, problems: [] }) }

const folder = new URL('../../../testdata/stix/', import.meta.url)
const fixtures = readdirSync(folder).filter((name) => name.endsWith('.stix'))
const bytesOf = (name: string) => readFileSync(new URL(name, folder))

describeGoldens(folder, fixtures, (fixture) => readStix(bytesOf(fixture), {}, yara))
testMutations(fixtures.map(bytesOf), (bytes) => readStix(bytes, {}, accepting))

test('rules that OpenIOC inside a document makes are kept with it', () => {
  const { document } = readStix(bytesOf('other-languages-inside.stix'), {}, yara)
  const asked = new Set<string>()
  if (document !== undefined) {
    visit(document.condition, (node) => {
      if (node.kind === 'content') asked.add(node.source)
    })
  }
  expect(asked.size).toBe(2)
  expect([...(document?.blobs.keys() ?? [])].sort()).toEqual([...asked].sort())
})
