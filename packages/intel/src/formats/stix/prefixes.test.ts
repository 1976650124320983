import { readdirSync, readFileSync } from 'node:fs'
import { canonicalText } from '@tocsin/model'
import { expect, test } from 'vitest'
import { loadYara } from '../../testdata/yara-x.ts'
import { readStix } from './read-stix.ts'

const yara = await loadYara()

const folder = new URL('../../../testdata/stix/', import.meta.url)
const fixtures = readdirSync(folder).filter((name) => name.endsWith('.stix') && !name.startsWith('prefix-'))

/** Every prefix but xml's own gets another name, in tags, attributes, xsi:type and ids. */
function renamed(text: string): string {
  const prefixes = [...text.matchAll(/xmlns:([\w-]+)=/g)].map(([, prefix = '']) => prefix)
  return prefixes.reduce(
    (all, prefix, number) =>
      all
        .replaceAll(`xmlns:${prefix}=`, `xmlns:p${number}=`)
        .replace(new RegExp(`(?<=[<"/\\s])${prefix}:(?=[\\w])`, 'g'), `p${number}:`),
    text,
  )
}

test.each(fixtures)('the names of prefixes mean nothing: %s', (name) => {
  const text = readFileSync(new URL(name, folder), 'utf8')
  const before = readStix(new TextEncoder().encode(text), {}, yara)
  const after = readStix(new TextEncoder().encode(renamed(text)), {}, yara)
  expect(renamed(text)).not.toBe(text)
  expect(canonicalText(after.document?.condition ?? null)).toBe(
    canonicalText(before.document?.condition ?? null),
  )
})

test.each([
  ['http://docs.oasis-open.org/cti/ns/stix/core-1', 'http://docs.oasis-open.org/cti/ns/cybox/core-2'],
  ['http://stix.mitre.org/stix-1', 'http://cybox.mitre.org/cybox-2'],
])('the namespaces of %s are read', (stix, cybox) => {
  const objects = cybox.includes('mitre')
    ? 'http://cybox.mitre.org/objects#FileObject-2'
    : 'http://docs.oasis-open.org/cti/ns/cybox/objects/file-2'
  const text = `<STIX_Package xmlns="${stix}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:c="${cybox}"
    xmlns:f="${objects}" id="a"><Observables><c:Observable><c:Object><c:Properties xsi:type="f:FileObjectType">
    <f:File_Name condition="Equals">a</f:File_Name></c:Properties></c:Object></c:Observable></Observables></STIX_Package>`
  const { document } = readStix(new TextEncoder().encode(text), {}, yara)
  expect(document?.condition).toMatchObject({ property: 'file.name', operand: { values: ['a'] } })
})
