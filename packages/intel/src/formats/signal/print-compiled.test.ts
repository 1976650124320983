import { expect, test } from 'vitest'
import { parseSignal } from './parse-signal.ts'
import { printCompiled } from './print-compiled.ts'
import { syntaxVersion } from './syntax-version.ts'

function compiled(text: string): string {
  const { signal } = parseSignal(text)
  if (signal === undefined) throw new Error(`not a signal: ${text}`)
  return printCompiled(signal, text, syntaxVersion(signal))
}

test('a bare file term is an “or” node of syntax version 6, keys in the order of real documents', () => {
  expect(compiled("file.path contains 'eicar'")).toBe(
    '{"expressions":[],"terms":[{"condition":"contains","negate":false,"value":"eicar","object":"file","property":"path"}],"operator":"or","text":"file.path contains \'eicar\'","syntax_version":6}',
  )
})

test('a group marks its terms and its node with event_group', () => {
  const text = "group(file.path ends with ':Zone.Identifier' AND file.operation is 'delete')"
  expect(compiled(text)).toBe(
    `{"expressions":[],"terms":[{"event_group":1,"condition":"ends with","negate":false,"value":":Zone.Identifier","object":"file","property":"path"},{"event_group":1,"condition":"is","negate":false,"value":"delete","object":"file","property":"operation"}],"operator":"and","event_group":1,"text":"${text}","syntax_version":2}`,
  )
})

test('a group of the same operator joins the node around it', () => {
  const text =
    "process.ancestry_path ends with '\\\\outlook.exe' AND group(file.operation is 'create' AND file.path ends with '.dll')"
  const { event_group: none, ...node } = JSON.parse(compiled(text))
  expect(none).toBeUndefined()
  expect(node.expressions).toEqual([])
  expect(node.operator).toBe('and')
  expect(node.syntax_version).toBe(4)
  expect(node.terms.map((term: { event_group?: number }) => term.event_group)).toEqual([undefined, 1, 1])
  expect(node.terms[0].value).toBe('\\outlook.exe')
})

test('process terms alone are syntax version 1', () => {
  expect(
    JSON.parse(compiled("process.path ends with 'a' OR process.command_line contains 'b'")),
  ).toMatchObject({ operator: 'or', syntax_version: 1, expressions: [] })
})

test('nested operators become expressions, n-ary', () => {
  const term = (value: string) => `process.path is ${value}`
  const node = JSON.parse(
    compiled(`((${term('a')} AND ${term('b')}) OR (${term('c')} AND ${term('d')})) AND ${term('e')}`),
  )
  const values = (terms: readonly { value: string }[]) => terms.map(({ value }) => value)
  expect(node.operator).toBe('and')
  expect(values(node.terms)).toEqual(['e'])
  expect(node.expressions).toHaveLength(1)
  const [or] = node.expressions
  expect(or.operator).toBe('or')
  expect(or.terms).toEqual([])
  expect(or.expressions.map((each: { terms: { value: string }[] }) => values(each.terms))).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ])
})

test('NOT sets negate and leaves the condition', () => {
  expect(JSON.parse(compiled("process.command_line contains NOT '/add'")).terms[0]).toMatchObject({
    condition: 'contains',
    negate: true,
  })
})

/** Terms and expressions in an order of their own: real documents have none that is fixed. */
function asSets(node: {
  readonly terms: readonly unknown[]
  readonly expressions: readonly never[]
}): unknown {
  const { terms, expressions, ...rest } = node
  const sorted = (items: readonly unknown[]) => items.map((item) => JSON.stringify(item)).sort()
  return { ...rest, terms: sorted(terms), expressions: sorted(expressions.map(asSets)) }
}

const term = (of: string, condition: string, value: string, more: object = {}) => {
  const [object, property] = of.split('.')
  return { condition, negate: false, value, object, property, ...more }
}

test.each([
  [
    "process.path ends with 'fltmc.exe' OR process.command_line contains 'misc::mflt'",
    {
      expressions: [],
      terms: [
        term('process.command_line', 'contains', 'misc::mflt'),
        term('process.path', 'ends with', 'fltmc.exe'),
      ],
      ...{ operator: 'or', syntax_version: 1 },
    },
  ],
  [
    "process.path ends with '\\\\rundll32.exe' AND process.command_line contains 'zipfldr' AND process.command_line contains 'RouteTheCall'",
    {
      expressions: [],
      terms: [
        term('process.command_line', 'contains', 'RouteTheCall'),
        term('process.command_line', 'contains', 'zipfldr'),
        term('process.path', 'ends with', '\\rundll32.exe'),
      ],
      ...{ operator: 'and', syntax_version: 1 },
    },
  ],
  [
    "process.name is a AND (process.command_line CONTAINS not '/add' OR (process.pid is 1 AND process.cwd is b))",
    {
      expressions: [
        {
          expressions: [
            {
              expressions: [],
              terms: [term('process.pid', 'is', '1'), term('process.cwd', 'is', 'b')],
              operator: 'and',
            },
          ],
          terms: [term('process.command_line', 'contains', '/add', { negate: true })],
          operator: 'or',
        },
      ],
      terms: [term('process.name', 'is', 'a')],
      ...{ operator: 'and', syntax_version: 6 },
    },
  ],
])('%s has its compiled form, as sets', (text, expected) => {
  expect(asSets(JSON.parse(compiled(text)))).toEqual(asSets({ ...expected, text } as never))
})
