import type { Condition } from '@tocsin/model'
import { childNamed, textOfChild, type XmlElement } from '../../xml/tree.ts'
import type { Reader } from '../cybox/reader.ts'
import { isNever, never } from '../lowering/compose.ts'
import { conditionOfIoc } from '../openioc/read-openioc.ts'
import { embeddedRules } from '../yara/embedded-rules.ts'
import type { StixReader } from './reader.ts'

/** Lowers what another language says inside an indicator: OpenIOC and YARA; others are reported by name. */
export function lowerTestMechanism(element: XmlElement, reader: StixReader): Condition | undefined {
  switch (element.type?.local) {
    case 'OpenIOC2010TestMechanismType':
      return lowerOpenIoc(element, reader)
    case 'YaraTestMechanismType':
      return lowerYara(element, reader)
    default:
      sayForeign(element, reader)
      return undefined
  }
}

function lowerOpenIoc(element: XmlElement, reader: Reader): Condition | undefined {
  const ioc = childNamed(element, 'ioc') ?? childNamed(element, 'OpenIOC')
  if (ioc === undefined) return undefined
  const condition = conditionOfIoc(ioc, reader)
  return isNever(condition) ? never('cybox') : condition
}

function lowerYara(element: XmlElement, { findings, blobs, yara }: StixReader): Condition | undefined {
  const rule = childNamed(element, 'Rule')
  const rules = embeddedRules(rule?.text.trim() ?? '', { yara, blobs })
  if (rules.kind === 'refused') {
    const message = `the YARA test mechanism is left out: ${rules.why}`
    findings.say({ code: 'STX007', severity: 'warning', message, at: rule ?? element })
    return undefined
  }
  for (const warning of rules.warnings) {
    findings.say({ code: 'STX008', severity: 'warning', message: warning, at: rule ?? element })
  }
  return findings.written<Condition>(rules.content, rule ?? element)
}

/** A generic mechanism names its language itself. */
function sayForeign(element: XmlElement, { findings }: Reader): void {
  const type = element.type?.local.replace(/TestMechanismType$/, '') ?? 'without a type'
  const language = type === 'Generic' ? textOfChild(element, 'Type')?.slice(0, 40) : undefined
  const name = language === undefined ? type : `${type} (${language})`
  const reads = type === 'Snort' ? 'what passes the network' : 'that language'
  findings.sayOnce({
    code: 'STX006',
    severity: 'warning',
    message: `the test mechanism ${name} is left out: no endpoint reads ${reads}`,
    at: element,
  })
}
