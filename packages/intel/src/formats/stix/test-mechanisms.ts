import type { Condition } from '@tocsin/model'
import { childNamed, type XmlElement } from '../../xml/tree.ts'
import type { Reader } from '../cybox/reader.ts'
import { isNever, never } from '../lowering/compose.ts'
import { wholeRule } from '../lowering/whole-rule.ts'
import { conditionOfIoc } from '../openioc/read-openioc.ts'

/** Lowers what another language says inside an indicator: OpenIOC and YARA; others are reported. */
export function lowerTestMechanism(element: XmlElement, reader: Reader): Condition | undefined {
  const type = element.type?.local ?? 'unknown'
  switch (type) {
    case 'OpenIOC2010TestMechanismType':
      return lowerOpenIoc(element, reader)
    case 'YaraTestMechanismType':
      return lowerYara(element, reader)
    default:
      reader.findings.sayOnce({
        code: 'STX006',
        severity: 'warning',
        message: `the test mechanism ${type.replace(/TestMechanismType$/, '')} is not evaluable here`,
        at: element,
      })
      return undefined
  }
}

function lowerOpenIoc(element: XmlElement, reader: Reader): Condition | undefined {
  const ioc = childNamed(element, 'ioc') ?? childNamed(element, 'OpenIOC')
  if (ioc === undefined) return undefined
  const condition = conditionOfIoc(ioc, reader)
  return isNever(condition) ? never('cybox') : condition
}

function lowerYara(element: XmlElement, { findings, blobs }: Reader): Condition | undefined {
  const rule = childNamed(element, 'Rule')
  const content = wholeRule(rule?.text ?? '', 'either', blobs)
  if (rule === undefined || content === undefined) {
    const message = 'the YARA test mechanism holds no rule that stands for itself'
    findings.say({ code: 'STX007', severity: 'warning', message, at: element })
    return undefined
  }
  findings.say({
    code: 'STX008',
    severity: 'warning',
    message: 'the YARA rule inside the document is not checked before it runs',
    at: rule,
  })
  return findings.written<Condition>(content, rule)
}
