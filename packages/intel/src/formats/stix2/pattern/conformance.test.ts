import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { checkPattern } from './check-pattern.ts'
import { parsePattern } from './parse-pattern.ts'
import { printPattern } from './print-pattern.ts'

const data = new URL('../../../../../../../shared/data/stix2/', import.meta.url)
const isThere = existsSync(data)
if (!isThere) console.warn('the validator cases are not beside this repository; their tests are skipped')

/** What a pattern is told off for; nothing if it is valid. */
function flawsOf(text: string): readonly string[] {
  const { pattern, problems } = parsePattern(text)
  const checked = pattern === undefined ? [] : checkPattern(pattern)
  return [...problems, ...checked].map(({ message }) => message)
}

interface Cases {
  readonly constants: Readonly<Record<string, readonly (string | readonly [pattern: string, why: string])[]>>
}

for (const version of ['v20', 'v21'] as const) {
  const read = (): Cases =>
    JSON.parse(readFileSync(new URL(`validator-cases/${version}/test_validator.json`, data), 'utf8'))
  const patterns = (name: string) =>
    Object.entries(isThere ? read().constants : {})
      .filter(([key]) => key.endsWith(name))
      .flatMap(([, cases]) => cases)
      .map((each) => (typeof each === 'string' ? each : each[0]))

  test.skipIf(!isThere)(`${version}: every pattern that the validator passes is passed`, () => {
    const all = patterns('PASS_CASES')
    expect(all.length).toBe(version === 'v20' ? 34 : 37)
    expect(all.filter((text) => flawsOf(text).length > 0)).toEqual([])
  })

  test.skipIf(!isThere)(`${version}: every pattern that the validator fails is failed`, () => {
    const all = patterns('FAIL_CASES')
    expect(all.length).toBe(version === 'v20' ? 24 : 27)
    expect(all.filter((text) => flawsOf(text).length === 0)).toEqual([])
  })

  test.skipIf(!isThere)(
    `${version}: every example of the specification is read, and printed so that it reads the same`,
    () => {
      const lines = readFileSync(new URL(`validator-cases/${version}/spec_examples.txt`, data), 'utf8').split(
        '\n',
      )
      const all = lines.filter((line) => line.trim() !== '')
      expect(all.length).toBe(version === 'v20' ? 24 : 23)
      for (const line of all) {
        const { pattern, problems } = parsePattern(line)
        expect(problems, line).toEqual([])
        const printed = pattern === undefined ? '' : printPattern(pattern)
        const again = parsePattern(printed).pattern
        expect(again === undefined ? '' : printPattern(again)).toBe(printed)
      }
    },
  )
}
