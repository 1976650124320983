import { readdirSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { readList, readSigma, readSignals } from '../packages/intel/src/index.ts'

const docs = fileURLToPath(new URL('../docs/', import.meta.url))
const pages = readdirSync(docs, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.md'))
const textOf = (page: string) => readFileSync(docs + page, 'utf8')
const codesOf = (signal: string) =>
  readSignals(new TextEncoder().encode(signal), { fileName: 'guide.signal' }).flatMap(({ diagnostics }) =>
    diagnostics.map(({ code }) => code),
  )

describe('the guide to signals', () => {
  const text = textOf('guides/writing-signals.md')
  const examples = [...text.matchAll(/^```signal *(\S*)\n([\s\S]*?)\n```$/gm)].map(
    ([, code = '', signal = '']) => [signal, code === '' ? [] : [code]] as const,
  )
  const mistakes = [...text.matchAll(/^\| `(.+?)` \| `(SIG\d+)` \|/gm)].map(
    ([, signal = '', code = '']) => [signal, code] as const,
  )

  test('has examples and mistakes', () => {
    expect(examples.length).toBeGreaterThan(8)
    expect(mistakes.length).toBeGreaterThan(4)
  })

  test.each(examples)('shows a signal that is read as the guide says: %s', (signal, codes) => {
    expect(codesOf(signal)).toEqual(codes)
  })

  test.each(mistakes)('names what is said about %s', (signal, code) => {
    expect(codesOf(signal)[0]).toBe(code)
  })
})

describe('the guide to Sigma, MISP and lists', () => {
  const text = textOf('guides/sigma-misp-and-lists.md')
  const bytesOf = (fence: string) =>
    new TextEncoder().encode(text.split(`\n\`\`\`${fence}\n`)[1]?.split('\n```')[0] ?? '')

  test('shows a rule that is read without a remark', () => {
    expect(readSigma(bytesOf('yaml'), {}).document?.techniques).toEqual([{ id: 'T1105', name: '' }])
    expect(readSigma(bytesOf('yaml'), {}).diagnostics).toEqual([])
  })

  test('shows a list each line of which is read', () => {
    const list = new TextEncoder().encode(/\n```\n(# from a report[^`]*)```/.exec(text)?.[1] ?? '')
    expect(readList(list, {}).document?.name).toBe('list of 5')
    expect(readList(list, {}).diagnostics).toEqual([])
  })
})

test('every command that the pages name exists, with the options they give it', () => {
  const folder = fileURLToPath(new URL('../packages/cli/src/commands/', import.meta.url))
  const sources = new Map(
    readdirSync(folder).map((file) => [file.replace(/\.ts$/, ''), readFileSync(folder + file, 'utf8')]),
  )
  const named = pages.flatMap((page) =>
    [...textOf(page).matchAll(/(?:^|`| )tocsin(?:\.mjs)? ([a-z][a-z-]+)((?: [^\s`#|;]+)*)/gm)].map(
      ([, command = '', rest = '']) => ({ page, command, rest }),
    ),
  )
  expect(named.length).toBeGreaterThan(15)
  const unknown = named.filter(({ command, rest }) => {
    const source = sources.get(command)
    const options = [...rest.matchAll(/ (--[a-z-]+)/g)].map(([, option = '']) => option)
    return source === undefined || options.some((option) => !source.includes(`'${option}`))
  })
  expect(unknown).toEqual([])
})

test.each(pages)('every link of %s leads somewhere', (page) => {
  const links = [...textOf(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, to = '']) => to)
  const broken = links.filter((to) => !exists(resolve(docs, dirname(page), to)))
  expect(broken).toEqual([])
})

function exists(path: string): boolean {
  try {
    return readFileSync(path).length >= 0
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EISDIR'
  }
}
