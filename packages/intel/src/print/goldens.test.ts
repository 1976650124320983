import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type ConversionTarget, convert } from '../convert.ts'
import type { Reading } from '../document.ts'
import { quickAdd } from '../quick-add.ts'
import { readIntel } from '../read-intel.ts'
import type { Printed } from './printed.ts'
import { namesTheSame } from './same-meaning.ts'

/** Each folder is named by the format that its documents are converted to; a file is named by what it shows. */
const folder = (name: string) => new URL(`../../testdata/convert/${name}/`, import.meta.url)
const inputs = (name: string) =>
  readdirSync(folder(name)).filter((file) => !/\.(?:out|said)\.[a-z]+$/.test(file))
const at = Date.UTC(2026, 0, 1) * 1_000
const yara = { validate: () => ({ accepted: true, problems: [] }) }

const outputs = { signal: 'json', openioc: 'ioc', stix2: 'json', json: 'json' } as const

describe.each(Object.keys(outputs) as ConversionTarget[])('to %s', (target) => {
  test.each(inputs(target))('%s', async (file) => {
    const reading = readIntel(readFileSync(new URL(file, folder(target))), { fileName: file }, { yara })
    if (!isRead(reading)) return expect.unreachable(JSON.stringify(reading.diagnostics))
    const printed = convert(reading, target, at)
    const name = file.slice(0, file.indexOf('.'))
    const golden = new URL(`${name}.out.${outputs[target]}`, folder(target)).pathname
    await expect(remarksOf(printed)).toMatchFileSnapshot(new URL(`${name}.said.txt`, folder(target)).pathname)
    if (printed.kind === 'refused') return expect(existsSync(golden)).toBe(false)
    await expect(printed.text).toMatchFileSnapshot(golden)
    if (target === 'json' || target === 'signal') return
    const again = readIntel(new TextEncoder().encode(printed.text), {}, { yara })
    expect(again.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
    if (reading.document.subject === 'process' || again.document === undefined) return
    // The print of a print is the same again.
    const twice = convert({ ...again, document: again.document }, target, at)
    expect(twice.kind).toBe('printed')
    if (twice.kind === 'printed') {
      const last = readIntel(new TextEncoder().encode(twice.text), {}, { yara })
      expect(last.document && namesTheSame(last.document.condition, again.document.condition)).toBe(true)
    }
  })
})

function remarksOf(printed: Printed): string {
  if (printed.kind === 'printed') return printed.notes.map((note) => `note: ${note}\n`).join('')
  return printed.refusals
    .map(({ why, span }) => `refused${span === undefined ? '' : ` ${span.line}:${span.column}`}: ${why}\n`)
    .join('')
}

function isRead(reading: Reading): reading is Reading & { document: NonNullable<Reading['document']> } {
  return reading.document !== undefined
}

test.each(inputs('quick-add'))('values of %s', async (file) => {
  const text = readFileSync(new URL(file, folder('quick-add')), 'utf8')
  const { printed, found, rejected } = quickAdd(text, { name: file, at })
  const name = file.slice(0, file.indexOf('.'))
  const lines = [
    ...found.map(({ of, value }) => `${of} ${value}`),
    ...rejected.map((word) => `rejected ${word}`),
  ]
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(
    new URL(`${name}.out.txt`, folder('quick-add')).pathname,
  )
  if (printed.kind !== 'printed') return expect.unreachable(JSON.stringify(printed.refusals))
  await expect(printed.text).toMatchFileSnapshot(new URL(`${name}.out.ioc`, folder('quick-add')).pathname)
})

test('a text without values, or with more than a list has, gives no document', () => {
  expect(quickAdd('nothing to see here', { name: 'x', at }).printed.kind).toBe('refused')
  const many = Array.from({ length: 1_001 }, (_, number) => `h${number}.example.com`).join(' ')
  expect(quickAdd(many, { name: 'x', at }).printed.kind).toBe('refused')
})
