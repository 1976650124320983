import { readdirSync, readFileSync } from 'node:fs'
import { visit } from '@tocsin/model'
import { expect, test } from 'vitest'
import { describeGoldens, testMutations } from '../../testdata/goldens.ts'
import { readOpenIoc } from './read-openioc.ts'

const folder = new URL('../../../testdata/openioc/', import.meta.url)
const fixtures = readdirSync(folder).filter((name) => name.endsWith('.ioc'))
const bytesOf = (name: string) => readFileSync(new URL(name, folder))

describeGoldens(folder, fixtures, (fixture) => readOpenIoc(bytesOf(fixture), {}))
testMutations(fixtures.map(bytesOf), (bytes) => readOpenIoc(bytes, {}))

test.each(fixtures)('%s keeps just the rules that its condition asks for', (fixture) => {
  const { document } = readOpenIoc(bytesOf(fixture), {})
  const asked = new Set<string>()
  if (document !== undefined) {
    visit(document.condition, (node) => {
      if (node.kind === 'content') asked.add(node.source)
    })
  }
  expect([...(document?.blobs.keys() ?? [])].sort()).toEqual([...asked].sort())
})

const makesRules = fixtures.filter(
  (fixture) => (readOpenIoc(bytesOf(fixture), {}).document?.blobs.size ?? 0) > 0,
)

test.each(makesRules)('%s makes the golden rules', async (fixture) => {
  const blobs = [...(readOpenIoc(bytesOf(fixture), {}).document?.blobs.values() ?? [])]
  const rules = blobs.map((blob) => new TextDecoder().decode(blob)).join('\n')
  await expect(rules).toMatchFileSnapshot(new URL(fixture.replace(/\.ioc$/, '.rules.yar'), folder).pathname)
})
