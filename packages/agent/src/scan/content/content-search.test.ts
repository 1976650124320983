import { afterEach, expect, test } from 'vitest'
import { whyNoLibyara } from '../../testdata/libyara.ts'
import type { FileContent } from './content.ts'
import { ContentSearch, type RoutedText } from './content-search.ts'
import { Quarantine, type Quarantined } from './quarantine.ts'

const note = whyNoLibyara === undefined ? '' : ` (skipped: ${whyNoLibyara})`
const searches: ContentSearch[] = []
afterEach(() => {
  for (const search of searches.splice(0)) search.close()
})

const bytes = Buffer.from('abc {x')
const file: FileContent = {
  size: bytes.length,
  externals: { filename: 'a', filepath: '/a', extension: '', filetype: '', owner: 'root', new: false },
  give: async (take, into) => {
    into?.set(bytes)
    await take(into?.subarray(0, bytes.length) ?? bytes)
  },
}

function searchOf(texts: readonly RoutedText[]) {
  const added: Quarantined[] = []
  const search = new ContentSearch(texts, { quarantine: new Quarantine([], (entry) => added.push(entry)) })
  searches.push(search)
  return { search, added }
}

const text = (digest: string, rule: string, engines: RoutedText['engines']) => ({
  digest,
  text: rule,
  engines,
})
const both = ['libyara', 'yara-x'] as const
const onlyOfLibyara = 'rule brace { strings: $a = /x?{/ condition: $a }'
const onlyOfYaraX = 'rule bound { condition: with size = filesize : ( size == 6 ) }'

test.skipIf(whyNoLibyara)(`what libyara refuses YARA-X runs, from the first file on${note}`, async () => {
  const { search, added } = searchOf([
    text('plain', 'rule plain { strings: $a = "abc" condition: $a }', both),
    text('bound', onlyOfYaraX, both),
    text('brace', onlyOfLibyara, ['libyara']),
    text('size', 'rule size { condition: filesize == 6 }', ['yara-x']),
  ])
  for (const _ of [1, 2]) {
    const { matches, unread } = await search.scan(file)
    expect(matches.map(({ rule }) => rule).sort()).toEqual(['bound', 'brace', 'plain', 'size'])
    expect(unread).toEqual([])
  }
  expect(added).toEqual([])
})

test.skipIf(whyNoLibyara)(`what no engine takes is set aside${note}`, async () => {
  const { search, added } = searchOf([
    text('bad', 'rule bad { condition: $a }', both),
    text('bound', onlyOfYaraX, ['libyara']),
  ])
  expect((await search.scan(file)).matches).toEqual([])
  expect(added.map(({ source, code }) => [source, code])).toEqual([
    ['bound', 'rule.refused'],
    ['bad', 'rule.refused'],
  ])
})
