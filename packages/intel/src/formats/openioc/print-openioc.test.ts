import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseXml } from '../../xml/parse-xml.ts'
import { attributeOf, type XmlElement } from '../../xml/tree.ts'

const folders = ['openioc', 'quick-add'].map(
  (name) => new URL(`../../../testdata/convert/${name}/`, import.meta.url),
)
const printed = folders.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.out.ioc'))
    .map((name) => ({ name, root: parseXml(readFileSync(new URL(name, folder))).document?.root })),
)

/** What the schema of OpenIOC 1.1 requires of an element: its attributes, and its children in this order. */
const required: Readonly<
  Record<string, readonly [attributes: readonly string[], children: readonly string[]]>
> = {
  OpenIOC: [
    ['id', 'last-modified', 'published-date'],
    ['metadata', 'criteria'],
  ],
  metadata: [[], ['short_description', 'description', 'authored_date']],
  criteria: [[], ['Indicator']],
  Indicator: [
    ['id', 'operator'],
    ['IndicatorItem', 'Indicator'],
  ],
  IndicatorItem: [
    ['id', 'condition', 'preserve-case', 'negate'],
    ['Context', 'Content'],
  ],
}

function flawsOf(element: XmlElement): readonly string[] {
  const [attributes, order] = required[element.local] ?? [[], []]
  const places = element.children.map(({ local }) => order.indexOf(local))
  const isOrdered = places.every((place, at) => place >= (places[at - 1] ?? 0))
  return [
    ...attributes
      .filter((name) => !attributeOf(element, name))
      .map((name) => `${element.local} has no ${name}`),
    ...(isOrdered ? [] : [`the children of ${element.local} are out of order`]),
    ...element.children.flatMap(flawsOf),
  ]
}

test.each(printed)('$name has the shape of the schema', ({ root }) => {
  expect(root?.namespace).toBe('http://openioc.org/schemas/OpenIOC_1.1')
  expect(root && flawsOf(root)).toEqual([])
})

test.each(printed)('no two elements of $name have one id', ({ root }) => {
  const ids: string[] = []
  const collect = (element: XmlElement) => {
    const id = attributeOf(element, 'id')
    if (id !== undefined) ids.push(id)
    element.children.forEach(collect)
  }
  if (root !== undefined) collect(root)
  expect(ids.length).toBeGreaterThan(1)
  expect(new Set(ids).size).toBe(ids.length)
})
