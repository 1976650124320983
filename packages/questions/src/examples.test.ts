import { readdir, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { fromWire, parseQuestion, toWire, wireQuestion } from './index.ts'

const folder = new URL('../testdata/', import.meta.url)
const names = (await readdir(folder))
  .filter((name) => name.endsWith('.question'))
  .map((name) => name.replace('.question', ''))

test.each(names)('%s is read, printed and put on the wire as its golden says', async (name) => {
  const text = (await readFile(new URL(`${name}.question`, folder), 'utf8')).replace(/\n$/, '')
  const { parses, diagnostics } = parseQuestion(text)
  const [best] = parses
  const golden = {
    text,
    ...(parses.length === 0 ? { diagnostics } : {}),
    parses: parses.map((parse) => ({ text: parse.text, isCanonical: parse.isCanonical })),
    ...(best === undefined ? {} : { wire: toWire(best.question, best.text, best.isCanonical) }),
  }
  await expect(`${JSON.stringify(golden, null, 1)}\n`).toMatchFileSnapshot(`../testdata/${name}.json`)
})

test.each(names)('each reading of %s comes back from its wire form, and has one parse', async (name) => {
  const text = (await readFile(new URL(`${name}.question`, folder), 'utf8')).replace(/\n$/, '')
  for (const { question, text: canonical } of parseQuestion(text).parses) {
    const wire = JSON.parse(JSON.stringify(toWire(question, canonical, true)))
    expect(fromWire(wireQuestion.parse(wire))).toEqual({ question })
    expect(parseQuestion(canonical).parses).toEqual([{ question, text: canonical, isCanonical: true }])
  }
})
