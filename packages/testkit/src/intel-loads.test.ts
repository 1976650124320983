import { readdirSync, readFileSync } from 'node:fs'
import { load } from '@tocsin/engine'
import { compile } from '@tocsin/intel/compile.ts'
import type { Reading, YaraValidator } from '@tocsin/intel/document.ts'
import { readCybox } from '@tocsin/intel/formats/cybox/read-cybox.ts'
import { readStix } from '@tocsin/intel/formats/stix/read-stix.ts'
import { readStix2 } from '@tocsin/intel/formats/stix2/read-stix2.ts'
import { expect, test } from 'vitest'

const yara: YaraValidator = { validate: () => ({ accepted: true, problems: [] }) }

const readers: Readonly<Record<string, readonly [ending: RegExp, read: (bytes: Uint8Array) => Reading]>> = {
  cybox: [/\.xml$/, (bytes) => readCybox(bytes, {})],
  stix: [/\.stix$/, (bytes) => readStix(bytes, {}, yara)],
  stix2: [/(?<!\.condition)\.json$/, (bytes) => readStix2(bytes, {}, yara)],
}

const fixtures = Object.entries(readers).flatMap(([kind, [ending, read]]) => {
  const folder = new URL(`../../intel/testdata/${kind}/`, import.meta.url)
  const names = readdirSync(folder).filter((name) => ending.test(name))
  return names.map((name) => [`${kind}/${name}`, read(readFileSync(new URL(name, folder)))] as const)
})
const read = fixtures.flatMap(([name, { document }]) =>
  document === undefined ? [] : [[name, document] as const],
)

test('there are documents of each kind', () => {
  expect(read.length).toBeGreaterThan(30)
})

test.each(read)('an endpoint takes %s, with every blob that it names', (_, document) => {
  const program = compile(document, { id: 1, revision: 1 })
  expect(load(program, (digest) => document.blobs.get(digest)).digest).toMatch(/^[0-9a-f]{64}$/)
})
