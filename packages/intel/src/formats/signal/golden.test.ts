import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { compile } from '../../compile.ts'
import { renderText } from '../../diagnostics.ts'
import { readSignal } from './read-signal.ts'

const folder = new URL('../../../testdata/signal/', import.meta.url)
const names = readdirSync(folder).filter((name) => name.endsWith('.signal'))

const read = names.map((name) => {
  const bytes = readFileSync(new URL(name, folder))
  return { name, source: new TextDecoder().decode(bytes), ...readSignal(bytes, { fileName: name }) }
})
const accepted = read.flatMap(({ name, document }) => (document === undefined ? [] : [{ name, document }]))

function golden(name: string, kind: string): string {
  return new URL(name.replace(/signal$/, kind), folder).pathname
}

test.each(read)('the diagnostics of $name stay as they are', async ({ name, source, diagnostics }) => {
  const text = diagnostics.map((each) => `${renderText(each, source, name)}\n`).join('')
  await expect(text).toMatchFileSnapshot(golden(name, 'diagnostics.txt'))
})

test.each(accepted)('the program of $name stays as it is', async ({ name, document }) => {
  const program = compile(document, { id: 1, revision: 1 })
  await expect(`${JSON.stringify(program, null, 2)}\n`).toMatchFileSnapshot(golden(name, 'program.json'))
})

test.each(accepted)('the compiled form of $name stays as it is', async ({ name, document }) => {
  const compiled: unknown = JSON.parse(document.compiled ?? 'null')
  await expect(`${JSON.stringify(compiled, null, 2)}\n`).toMatchFileSnapshot(golden(name, 'compiled.json'))
})

test.each(accepted)('every node of $name was written somewhere', ({ document }) => {
  const starts = /^(?:[(]|group|process|file|network|dns|registry|image|driver)/
  for (const { from, to } of document.origins.values()) {
    expect(document.contents.slice(from, to)).toMatch(starts)
  }
})
