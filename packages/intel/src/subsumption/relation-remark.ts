import type { Cut, Diagnostic, Literal } from '@tocsin/model'
import type { CheckCode } from '../rules/codes.ts'
import type { Comparable } from './comparable.ts'
import { type Example, exampleOf } from './example.ts'
import type { Relation } from './relate.ts'

/** What is said of a document that another one makes superfluous, or the reverse. `other`: how the other is called. */
export function relationRemark(
  document: Comparable,
  relation: Exclude<Relation, 'unrelated'>,
  other: { readonly called: string; readonly document: Comparable },
): Diagnostic {
  const { called } = other
  switch (relation) {
    case 'equal':
      return remark('CHK008', 'warning', `this matches the same as ${called}`, document)
    case 'narrower':
      return remark('CHK009', 'warning', `everything that this matches, ${called} matches too`, document)
    case 'wider':
      return remark('CHK009', 'note', `everything that ${called} matches, this matches too`, other.document)
  }
}

function remark(
  code: CheckCode,
  severity: Diagnostic['severity'],
  message: string,
  narrower: Comparable,
): Diagnostic {
  const example = exampleOf(narrower)
  return {
    code,
    severity,
    message,
    ...(example === undefined ? {} : { hint: `both match ${shown(example)}` }),
  }
}

const mostShown = 4
const longestShown = 60

function shown({ entry, instances }: Example): string {
  const all = [entry, ...instances.map(({ fields }) => fields)].flatMap((fields) => Object.entries(fields))
  const present = all.flatMap(
    ([
      property,
      {
        values: [value],
      },
    ]) => (value === undefined ? [] : [`${property} ${valueText(value)}`]),
  )
  const rest = present.length > mostShown ? ' …' : ''
  return `${present.slice(0, mostShown).join(', ')}${rest}`
}

function valueText(value: Literal | Cut): string {
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return `“${text.length > longestShown ? `${text.slice(0, longestShown)}…` : text}”`
}
