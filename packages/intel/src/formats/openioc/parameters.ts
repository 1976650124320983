import { attributeOf, childNamed, childrenNamed, isTrue, type XmlElement } from '../../xml/tree.ts'
import type { Findings } from '../lowering/findings.ts'

/** Parameters of OpenIOC 1.1 change what the item or Indicator that they refer to means. */
export interface Parameters {
  /** One value that an element is given. */
  find(element: XmlElement, name: string): string | undefined
  /** What one element is given, by name in lower case; whoever takes them must use them. */
  take(element: XmlElement, names: readonly string[]): ReadonlyMap<string, string>
  /** Reports those that nobody took. */
  sayRest(findings: Findings): void
}

interface Parameter {
  readonly element: XmlElement
  readonly name: string
  readonly value: string
  readonly reference: string
  isTaken: boolean
}

export function parametersOf(root: XmlElement): Parameters {
  const list = childNamed(root, 'parameters')
  const parameters = (list === undefined ? [] : childrenNamed(list, 'param')).map(parameterOf)
  const names = namesOf(root)
  const byReference = Map.groupBy(parameters, ({ reference }) => reference)
  const ownOf = (element: XmlElement) => byReference.get(attributeOf(element, 'id') ?? '') ?? []
  return {
    find: (element, name) => ownOf(element).find((each) => each.name === name)?.value,
    take(element, names) {
      const taken = ownOf(element).filter(({ name }) => names.includes(name))
      for (const parameter of taken) parameter.isTaken = true
      return new Map(taken.map(({ name, value }) => [name, value]))
    },
    sayRest(findings) {
      for (const { element, name, reference, isTaken } of parameters) {
        if (isTaken || name === 'comment') continue
        const what = names.get(reference) ?? 'nothing in this document'
        const message = `the parameter ${name} of ${what} is not evaluable; it is ignored`
        findings.say({ code: 'IOC010', severity: 'warning', message, at: element })
      }
    },
  }
}

/** What an author calls the element with an id. */
function namesOf(root: XmlElement): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  const collect = (element: XmlElement) => {
    const id = attributeOf(element, 'id')
    const context = childNamed(element, 'Context')
    const term = context === undefined ? undefined : attributeOf(context, 'search')
    if (id !== undefined && element.local.startsWith('Indicator')) names.set(id, term ?? `the group ${id}`)
    for (const child of element.children) collect(child)
  }
  collect(root)
  return names
}

/** A parameter without a value, or with a true one, is a yes. */
export function isYes(value: string | undefined): boolean {
  return value !== undefined && (value === '' || isTrue(value) || value.toLowerCase() === 'yes')
}

function parameterOf(element: XmlElement): Parameter {
  return {
    element,
    name: (attributeOf(element, 'name') ?? 'without a name').trim().toLowerCase(),
    value: (childNamed(element, 'value')?.text ?? '').trim(),
    reference: attributeOf(element, 'ref-id') ?? '',
    isTaken: false,
  }
}
