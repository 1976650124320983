import { md5 } from '@noble/hashes/legacy.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { expect, test } from 'vitest'
import { readSignal, readSignals } from './read-signal.ts'

const encode = (value: unknown) =>
  new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value))

/** An intel document that is public with its md5 and size. */
const published = {
  name: 'Zipfldr Library Proxy Execution via RouteTheCall',
  description:
    'Detects the use of rundll32.exe to execute the RouteTheCall function in zipfldr.dll. This can be used for proxy execution to bypass AppLocker or to execute an arbitrary binary.',
  contents:
    "process.path ends with '\\\\rundll32.exe' AND process.command_line contains 'zipfldr' AND process.command_line contains 'RouteTheCall'",
  platforms: ['windows'],
  mitreAttack: {
    techniques: [
      { id: 'T1218', name: 'Signed Binary Proxy Execution' },
      { id: 'T1218.011', name: 'Signed Binary Proxy Execution: Rundll32' },
      { id: 'T1059', name: 'Command and Scripting Interpreter' },
      { id: 'T1059.003', name: 'Command and Scripting Interpreter: Windows Command Shell' },
    ],
  },
}

test('contents have the bytes that a real server takes md5 and size of', () => {
  const { document, diagnostics } = readSignal(encode(published), {})
  const contents = encode(document?.contents ?? '')
  expect(diagnostics).toEqual([])
  expect(contents.length).toBe(795)
  expect(bytesToHex(md5(contents))).toBe('f3ddf06be9e182ae7ddc16192dc5b846')
  expect(document?.intrinsicId).toBe(published.name)
  expect(document?.platforms).toEqual(['windows'])
})

test('contents read again are the same contents', () => {
  const first = readSignal(encode(published), {}).document
  const second = readSignal(encode(first?.contents ?? ''), {}).document
  expect(second).toEqual(first)
})

test('the body of a client that knows name, platforms and text only is a signal', () => {
  const body = {
    name: 'n',
    description: 'd',
    platforms: ['linux', 'windows', 'mac'],
    contents: 'process.path is x',
  }
  const { document } = readSignal(encode(body), { name: 'not this' })
  expect(document).toMatchObject({ name: 'n', description: 'd', platforms: ['linux', 'windows', 'macos'] })
  expect(JSON.parse(document?.contents ?? '')).toEqual({
    ...{ id: 'n', name: 'n', description: 'd', contents: 'process.path is x', syntax_version: 1 },
    ...{ mitreAttack: { techniques: [] }, platforms: ['linux', 'windows', 'mac'] },
  })
})

test('an exchange file of one signal is a document, of several it is refused or read one by one', () => {
  const item = (name: string) => ({ type: 'tanium-signal', data: { ...published, name } })
  expect(readSignal(encode({ signals: [item('a')] }), {}).document?.name).toBe('a')
  const both = encode({ signals: [item('a'), item('b')], labels: [] })
  expect(readSignal(both, {}).diagnostics).toMatchObject([{ code: 'SIG022' }])
  expect(readSignals(both, {}).map(({ document }) => document?.name)).toEqual(['a', 'b'])
})

test('a broken signal of an exchange file does not spoil the others', () => {
  const data = (contents: unknown) => ({ data: { name: 'x', contents } })
  const readings = readSignals(
    encode({ signals: [data('process.path is'), data('process.path is a'), 7] }),
    {},
  )
  expect(readings.map(({ document }) => document !== undefined)).toEqual([false, true, false])
})

test('diagnostics of JSON point into the JSON', () => {
  const json = `{\n  "name": "x",\n  "contents": "process.path is 'a\\u0041\\n' AND process.pth is b"\n}`
  const [diagnostic] = readSignal(encode(json), {}).diagnostics
  expect(diagnostic).toMatchObject({ code: 'SIG004', span: { line: 3 } })
  expect(json.slice(diagnostic?.span?.from, diagnostic?.span?.to)).toBe('process.pth')
})

test('origins point into contents even where JSON escapes', () => {
  const { document } = readSignal(encode("process.path is 'a\\\\\"b' AND process.name is c"), {})
  const span = document?.origins.get('0.1')
  expect(document?.contents.slice(span?.from, span?.to)).toBe('process.name is c')
})

test('a raw text is named by its hints, its file or itself', () => {
  const text = encode('process.path is x')
  expect(readSignal(text, { name: 'n', fileName: 'f.signal' }).document?.name).toBe('n')
  expect(readSignal(text, { fileName: 'f.signal' }).document?.name).toBe('f')
  expect(readSignal(text, {}).document?.name).toBe('process.path is x')
})

test('what is unknown about platforms and techniques is said', () => {
  const odd = { name: 'x', contents: 'process.path is x', platforms: ['solaris'] }
  expect(readSignal(encode(odd), {}).diagnostics).toMatchObject([{ code: 'SIG024', severity: 'error' }])
  const technique = {
    name: 'x',
    contents: 'process.path is x',
    mitreAttack: '{"techniques":[{"id":"X1"},{"id":"T1059"}]}',
  }
  const { document, diagnostics } = readSignal(encode(technique), {})
  expect(diagnostics).toMatchObject([{ code: 'SIG025', severity: 'warning' }])
  expect(document?.techniques).toEqual([{ id: 'T1059', name: '' }])
})

test.each([
  ['[]', 'SIG021'],
  ['{"name":"x"}', 'SIG021'],
  ['{', 'SIG020'],
  ['{"contents":"process.path is \\ud800"}', 'SIG016'],
])('%s is refused', (body, code) => {
  expect(readSignal(encode(body), {}).diagnostics).toMatchObject([{ code }])
})
