import { expect, test } from 'vitest'
import { spanAt } from './diagnostics.ts'
import { renderSarif } from './render-sarif.ts'

const source = 'first\nseco𝒏d line\r\nthird'
const at = (text: string) => {
  const from = source.indexOf(text)
  return spanAt(source, from, from + text.length)
}

function logOf(diagnostics: Parameters<typeof renderSarif>[0][number]['diagnostics'], path = 'a.signal') {
  return JSON.parse(renderSarif([{ path, diagnostics, source }], '0.1.0'))
}

test('a log has what SARIF 2.1.0 requires of it', () => {
  const log = logOf([{ code: 'SIG004', severity: 'error', message: 'no', span: at('line') }])
  expect(log).toMatchObject({ version: '2.1.0', $schema: expect.stringContaining('sarif-2.1.0') })
  const [run] = log.runs
  expect(run.tool.driver.name).toBe('Tocsin')
  for (const rule of run.tool.driver.rules) {
    expect(rule).toEqual({
      id: expect.stringMatching(/^[A-Z][A-Z0-9]{2}\d{3}$/),
      shortDescription: { text: expect.stringMatching(/./) },
      properties: { tags: [expect.any(String)] },
    })
  }
  const ids: string[] = run.tool.driver.rules.map(({ id }: { id: string }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  const [result] = run.results
  expect(result.message).toEqual({ text: 'no' })
  expect(ids[result.ruleIndex]).toBe(result.ruleId)
  expect(run.artifacts[result.locations[0].physicalLocation.artifactLocation.index].location.uri).toBe(
    'a.signal',
  )
})

test.each([
  ['line', { startLine: 2, startColumn: 9, endLine: 2, endColumn: 13, charOffset: 14, charLength: 4 }],
  ['first', { startLine: 1, startColumn: 1, endLine: 1, endColumn: 6, charOffset: 0, charLength: 5 }],
  [
    'line\r\nthird',
    { startLine: 2, startColumn: 9, endLine: 3, endColumn: 6, charOffset: 14, charLength: 11 },
  ],
  ['first\n', { startLine: 1, startColumn: 1, endLine: 2, endColumn: 1, charOffset: 0, charLength: 6 }],
])('the place of %j is told in lines and UTF-16 columns', (text, region) => {
  const log = logOf([{ code: 'SIG004', severity: 'error', message: 'no', span: at(text) }])
  expect(log.runs[0].results[0].locations[0].physicalLocation.region).toEqual(region)
})

test('severities keep their names, and hints stand with the message', () => {
  const severities = ['error', 'warning', 'note'] as const
  const log = logOf(severities.map((severity) => ({ code: 'SIG004', severity, message: 'x', hint: 'y' })))
  expect(log.runs[0].results.map(({ level }: { level: string }) => level)).toEqual(severities)
  expect(log.runs[0].results[0].message.text).toBe('x; hint: y')
  expect(log.runs[0].results[0].locations[0].physicalLocation.region).toBeUndefined()
})

test('a path is a relative reference, whatever is in it', () => {
  const log = logOf([], 'a b/ü:%.signal')
  expect(log.runs[0].artifacts[0].location.uri).toBe('a%20b/%C3%BC%3A%25.signal')
})
