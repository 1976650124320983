import type { Condition, Digest } from '@tocsin/model'
import type { Hints, Reading } from '../../document.ts'
import { childNamed, textOfChild, type XmlElement } from '../../xml/tree.ts'
import { anyOf, isNever, never } from '../lowering/compose.ts'
import type { Findings } from '../lowering/findings.ts'
import { joinContents } from '../lowering/join-contents.ts'
import { type RootContent, readXmlDocument } from '../lowering/xml-document.ts'
import { bind } from './bind.ts'
import { readIndicator } from './indicators.ts'
import { parametersOf } from './parameters.ts'
import type { IocReader } from './reader.ts'

const namespaces: Readonly<Record<string, string>> = {
  'http://schemas.mandiant.com/2010/ioc': '1.0',
  'http://openioc.org/schemas/OpenIOC_1.1': '1.1',
}

/** Reads an OpenIOC 1.0 or 1.1 document. */
export function readOpenIoc(bytes: Uint8Array, hints: Hints): Reading {
  return readXmlDocument('openioc', bytes, hints, readRoot)
}

function readRoot(root: XmlElement, findings: Findings): RootContent | undefined {
  const typeVersion = versionOf(root, findings)
  if (findings.hasErrors()) return undefined
  const blobs = new Map<Digest, Uint8Array>()
  const about = childNamed(root, 'metadata') ?? root
  return {
    typeVersion,
    title: textOfChild(about, 'short_description'),
    description: textOfChild(about, 'description'),
    condition: conditionOfIoc(root, { findings, blobs }),
    blobs,
  }
}

/** The condition of an `ioc` or `OpenIOC` element, wherever it stands. */
export function conditionOfIoc(
  root: XmlElement,
  { findings, blobs }: Pick<IocReader, 'findings' | 'blobs'>,
): Condition {
  const parameters = parametersOf(root)
  const reader = { findings, blobs, parameters }
  const kept = new Set(blobs.keys())
  const sections = root.children.filter(({ local }) => local === 'definition' || local === 'criteria')
  const conditions = sections
    .flatMap(({ children }) => children.filter(({ local }) => local === 'Indicator'))
    .map((element) => readIndicator(element, reader))
    .filter((group) => group !== undefined)
    .map((group) => bind(group, findings))
  if (conditions.length === 0) {
    findings.say({ code: 'IOC002', severity: 'warning', message: 'no items: it can never match', at: root })
  }
  parameters.sayRest(findings)
  const condition = joinContents(anyOf(conditions, never('openioc')), blobs, kept)
  if (conditions.length > 0 && isNever(condition)) {
    findings.say({
      code: 'IOC008',
      severity: 'warning',
      message: 'no item is left: it can never match',
      at: root,
    })
  }
  return condition
}

function versionOf(root: XmlElement, findings: Findings): string {
  if (root.local !== 'ioc' && root.local !== 'OpenIOC') {
    findings.say({
      code: 'IOC001',
      severity: 'error',
      message: `the root is "${root.local}", an OpenIOC document starts with "ioc" or "OpenIOC"`,
      at: root,
    })
    return ''
  }
  const version = Object.hasOwn(namespaces, root.namespace) ? namespaces[root.namespace] : undefined
  if (version !== undefined) return version
  findings.say({
    code: 'IOC009',
    severity: 'warning',
    message:
      root.namespace === ''
        ? 'the namespace is missing'
        : `the namespace "${root.namespace}" is not OpenIOC's`,
    at: { from: root.from, to: root.from + 1 },
    hint: `write xmlns="${Object.keys(namespaces)[root.local === 'OpenIOC' ? 1 : 0]}"`,
  })
  return root.local === 'OpenIOC' ? '1.1' : '1.0'
}
