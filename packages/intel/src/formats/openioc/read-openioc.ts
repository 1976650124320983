import { type Condition, digestOfBytes } from '@tocsin/model'
import type { Hints, IntelDocument, Reading } from '../../document.ts'
import { parseXml } from '../../xml/parse-xml.ts'
import { attributeOf, childNamed, childrenNamed, textOfChild, type XmlElement } from '../../xml/tree.ts'
import { anyOf, isNever, never } from '../lowering/compose.ts'
import { type Findings, findingsOf } from '../lowering/findings.ts'
import { originsOf } from '../lowering/origins.ts'
import { bind } from './bind.ts'
import { readIndicator } from './indicators.ts'

const namespaces: Readonly<Record<string, string>> = {
  'http://schemas.mandiant.com/2010/ioc': '1.0',
  'http://openioc.org/schemas/OpenIOC_1.1': '1.1',
}

/** Reads an OpenIOC 1.0 or 1.1 document. */
export function readOpenIoc(bytes: Uint8Array, hints: Hints): Reading {
  const { document, diagnostics } = parseXml(bytes)
  if (document === undefined) return { kind: 'openioc', diagnostics }
  const findings = findingsOf(document)
  const { root } = document
  const version = versionOf(root, findings)
  const condition = findings.hasErrors() ? never('openioc') : conditionOfIoc(root, findings)
  const all = () => [...diagnostics, ...findings.diagnostics()]
  if (findings.hasErrors()) return { kind: 'openioc', diagnostics: all() }
  const read: IntelDocument = {
    kind: 'openioc',
    typeVersion: version,
    ...identityOf(root, bytes, hints),
    platforms: hints.platforms ?? [],
    techniques: [],
    contents: document.text,
    compiled: null,
    subject: 'host',
    condition,
    origins: originsOf(condition, findings, document.spanOf(root)),
    blobs: new Map(),
  }
  return { kind: 'openioc', document: read, diagnostics: all() }
}

/** The condition of an `ioc` or `OpenIOC` element, wherever it stands. */
export function conditionOfIoc(root: XmlElement, findings: Findings): Condition {
  const sections = root.children.filter(({ local }) => local === 'definition' || local === 'criteria')
  const conditions = sections
    .flatMap(({ children }) => children.filter(({ local }) => local === 'Indicator'))
    .map((element) => readIndicator(element, findings))
    .filter((group) => group !== undefined)
    .map((group) => bind(group, findings))
  if (conditions.length === 0) {
    findings.say({ code: 'IOC002', severity: 'warning', message: 'no items: it can never match', at: root })
  }
  sayParameters(root, findings)
  const condition = anyOf(conditions, never('openioc'))
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

/** Parameters change what items mean (`yara/wide`, `yara/count` …); a comment does not. */
function sayParameters(root: XmlElement, findings: Findings): void {
  const parameters = childNamed(root, 'parameters')
  for (const parameter of parameters === undefined ? [] : childrenNamed(parameters, 'param')) {
    const name = attributeOf(parameter, 'name') ?? 'unnamed'
    if (name === 'comment') continue
    const message = `the parameter ${name} is not evaluable yet`
    findings.sayOnce({ code: 'IOC010', severity: 'warning', message, at: parameter })
  }
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

function identityOf(root: XmlElement, bytes: Uint8Array, hints: Hints) {
  const about = childNamed(root, 'metadata') ?? root
  const id = attributeOf(root, 'id')?.trim() || hints.fileName || digestOfBytes(bytes).slice(0, 16)
  return {
    intrinsicId: id,
    name: textOfChild(about, 'short_description') ?? hints.name ?? hints.fileName ?? id,
    description: textOfChild(about, 'description') ?? hints.description ?? null,
  }
}
