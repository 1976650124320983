import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Reading } from '../../document.ts'
import { readSigma } from './read-sigma.ts'

const spec = new URL('../../../../../../shared/data/sigma/spec/', import.meta.url)
const isHere = existsSync(spec)
const why = isHere ? '' : ` (skipped: ${spec.pathname} is absent)`

/** Every block of YAML in the specification. */
function examples(): readonly string[] {
  return readdirSync(spec)
    .filter((name) => name.endsWith('.md'))
    .flatMap((name) => [...readFileSync(new URL(name, spec), 'utf8').matchAll(/```ya?ml\n([\s\S]*?)```/g)])
    .map((found) => found[1] ?? '')
}

const read = (text: string) => readSigma(new TextEncoder().encode(text), {})

/** A condition of one search where the specification shows the search alone, and a log source where it shows none. */
function completed(text: string): string {
  const search = /^detection:\n +(\w+):/.exec(text)?.[1]
  const condition = /^ +condition:/m.test(text) ? '' : `    condition: ${search}\n`
  const source = /^logsource:/m.test(text)
    ? ''
    : 'logsource: {category: process_creation, product: windows}\n'
  return `${source}${text}${condition}`
}

function codesOf({ diagnostics }: Reading): readonly string[] {
  return diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code)
}

test.runIf(isHere)(`every block of YAML in the specification is read as what it is${why}`, () => {
  const outcomes = examples().map((text) => {
    if (/^detection:/m.test(text) && !/^correlation:|^---/m.test(text) && !/\[optional\]/.test(text)) {
      const { document } = read(completed(text))
      return document === undefined ? `refused: ${text}` : 'a rule'
    }
    const codes = codesOf(read(text))
    return codes.length === 0 ? `accepted: ${text}` : `no rule: ${codes.join(' ')}`
  })
  const counts = Map.groupBy(outcomes, (outcome) => outcome)
  expect(
    Object.fromEntries([...counts].map(([outcome, all]) => [outcome, all.length])),
  ).toMatchInlineSnapshot(`
    {
      "a rule": 13,
      "no rule: SGM002 SGM002 SGM004": 1,
      "no rule: SGM004": 10,
      "no rule: SGM005": 10,
      "no rule: SGM005 SGM005": 1,
    }
  `)
})

test.runIf(isHere)(
  `every category and service of the taxonomy is known, or told why it is not recorded${why}`,
  () => {
    const taxonomy = readFileSync(new URL('sigma-appendix-taxonomy.md', spec), 'utf8')
    const rows = [
      ...taxonomy.matchAll(/^\|[^|\n]*\| *((?:(?:product|category|service): [\w.-]+(?:<br>)?)+) *\|/gm),
    ]
    expect(rows.length).toBeGreaterThan(120)
    const told = rows.map(([, source = '']) => {
      const lines = source.split('<br>').map((line) => `  ${line.toLowerCase()}`)
      const rule = `logsource:\n${lines.join('\n')}\ndetection: {s: {x: y}, condition: s}\n`
      const reading = read(rule)
      expect(reading.document, rule).toBeDefined()
      const unrecorded = reading.diagnostics.find(({ code }) => code === 'SGM014')
      return unrecorded === undefined ? 'recorded' : (unrecorded.message.split(': ')[1] ?? '')
    })
    const counts = Map.groupBy(told, (each) => each)
    expect(Object.fromEntries([...counts].map(([each, all]) => [each, all.length]))).toMatchInlineSnapshot(`
      {
        "event logs of Windows are not read": 44,
        "files that are only read are not recorded": 1,
        "it is a judgement of Sysmon; write the rule for file_event or file_delete": 3,
        "it is about Sysmon itself, which is not used here": 2,
        "it is none of the log sources that endpoints record": 2,
        "it is the log of a cloud or a device, not of an endpoint": 20,
        "it is the log of an application or a device, and endpoints forward no logs": 20,
        "log files of Linux are not read": 8,
        "pipes, streams of files, the clipboard and WMI are not recorded": 4,
        "recorded": 25,
        "what one process does inside another, or below the file system, is not recorded": 4,
        "what runs inside PowerShell is not recorded; its command line is, as process_creation": 7,
      }
    `)
  },
)
