import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { observationsOf, type PropertyTest, testsOf } from './ast.ts'
import { checkPattern } from './check-pattern.ts'
import { parsePattern } from './parse-pattern.ts'
import { printPath, printPattern } from './print-pattern.ts'

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

interface InspectorCases {
  readonly cases: readonly {
    readonly test: string
    readonly values: readonly (readonly [pattern: string, expected: unknown] | null)[]
  }[]
}

/** As the inspector tells it: object type, path and operator with its NOT. */
function told(pattern: string): readonly string[] {
  const { pattern: read } = parsePattern(pattern)
  const tests =
    read === undefined ? [] : observationsOf(read).flatMap(({ comparison }) => testsOf(comparison))
  return tests.map((test) => `${printPath(test.path)} ${operatorOf(test)}`).sort()
}

function operatorOf(test: PropertyTest): string {
  const operator = test.kind === 'exists' ? 'EXISTS' : test.operator
  return test.isNegated ? `NOT ${operator}` : operator
}

function expectedOf(expected: unknown): readonly string[] {
  const byType: Readonly<Record<string, readonly (readonly [path: readonly string[], operator: string])[]>> =
    Object(expected)
  return Object.entries(byType)
    .flatMap(([type, tests]) => tests.map(([path, operator]) => `${type}:${path.join('.')} ${operator}`))
    .sort()
}

for (const version of ['v20', 'v21'] as const) {
  test.skipIf(!isThere)(`${version}: comparisons are those that the inspector finds`, () => {
    const { cases }: InspectorCases = JSON.parse(
      readFileSync(new URL(`validator-cases/${version}/test_inspector.json`, data), 'utf8'),
    )
    const comparisons = cases
      .filter((each) => each.test === 'test_comparisons')
      .flatMap(({ values }) => values)
    const all = comparisons.filter((each) => each !== null)
    expect(all.length).toBe(5)
    for (const [pattern, expected] of all) expect(told(pattern), pattern).toEqual(expectedOf(expected))
  })

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
