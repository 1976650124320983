import type { Diagnostic } from '@tocsin/model'
import { spanAt } from '../../diagnostics.ts'
import type { YaraCode } from './codes.ts'
import type { YaraOutline, YaraRule } from './scan-rules.ts'

const most = 100

/** What is right by the language and rarely meant. */
export function checkRules(source: string, { rules }: YaraOutline): readonly Diagnostic[] {
  const remark = (
    code: YaraCode,
    severity: Diagnostic['severity'],
    message: string,
    rule: YaraRule,
  ): Diagnostic => {
    return { code, severity, message, span: spanAt(source, rule.from, rule.to) }
  }
  const always = rules
    .filter((rule) => !rule.isPrivate && isAlwaysTrue(rule.condition))
    .slice(0, most)
    .map((rule) => remark('YAR007', 'warning', `${rule.name} is always true: it matches every file`, rule))
  const [first] = rules
  if (first === undefined || rules.some(({ isPrivate }) => !isPrivate)) return always
  return [...always, remark('YAR008', 'warning', 'every rule is private, so none can match', first)]
}

const tautologies = [
  'true',
  '1',
  'not false',
  'not 0',
  'filesize > 0',
  'filesize >= 0',
  'any of them or true',
]

export function isAlwaysTrue(condition: string): boolean {
  return tautologies.includes(condition.replace(/^\( (.*) \)$/, '$1').replaceAll('> =', '>='))
}
