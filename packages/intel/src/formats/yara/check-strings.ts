import type { Diagnostic } from '@tocsin/model'
import { spanAt } from '../../diagnostics.ts'
import { atomLength, bestAtom } from './atoms.ts'
import { isAlwaysTrue } from './check-rules.ts'
import type { YaraCode } from './codes.ts'
import type { YaraOutline, YaraRule } from './scan-rules.ts'
import type { YaraString } from './yara-strings.ts'

const most = 100

/** What makes rules slow: strings that cannot be searched for, and rules that do without strings. */
export function checkStrings(source: string, { rules }: YaraOutline): readonly Diagnostic[] {
  const found: Diagnostic[] = []
  for (const rule of rules) {
    if (found.length >= most) break
    for (const string of rule.strings) found.push(...remarksOn(string, source))
    const silent = withoutStrings(rule, source)
    if (silent !== undefined) found.push(silent)
  }
  return found.slice(0, most)
}

function remarksOn(string: YaraString, source: string): readonly Diagnostic[] {
  const { bytes, isCommon } = bestAtom(string)
  const span = spanAt(source, string.from, string.to)
  const remark = (
    code: YaraCode,
    severity: 'warning' | 'note',
    message: string,
    hint: string,
  ): Diagnostic => {
    return { code, severity, message, hint, span }
  }
  const dots = string.kind === 'regex' && /^\/\^?\.[*+]/.test(string.text)
  if (dots) {
    const message = `${string.name} begins with anything: each place in a file is tried`
    return [remark('YAR011', 'warning', message, 'leave out the beginning; the rest is found anywhere')]
  }
  if (bytes === 0) {
    const message = `${string.name} has no fixed bytes that could be searched for`
    return [remark('YAR011', 'warning', message, `give it ${atomLength} fixed bytes in a row`)]
  }
  if (isCommon) {
    const message = `${string.name} has only bytes that fill most files`
    return [remark('YAR010', 'warning', message, 'take more of what stands beside them')]
  }
  if (bytes >= atomLength) return []
  const message = `${string.name} has only ${bytes} fixed ${bytes === 1 ? 'byte' : 'bytes'} in a row, which many files have`
  return [remark('YAR010', 'note', message, hintOf(string))]
}

function hintOf({ kind }: YaraString): string {
  if (kind === 'regex') return `give it ${atomLength} fixed characters in a row`
  return 'a few bytes at a fixed place are better read with uint16() or uint32()'
}

/** Such a rule is for other rules to use, or reads what a module says of each file. */
function withoutStrings(
  { name, strings, isPrivate, condition, from, to }: YaraRule,
  source: string,
): Diagnostic | undefined {
  if (strings.length > 0 || isPrivate || startsWithFileCheck(condition) || isAlwaysTrue(condition))
    return undefined
  const message = `${name} has no strings: its condition is evaluated on every file`
  return { code: 'YAR012', severity: 'note', message, span: spanAt(source, from, to) }
}

/** A cheap test of the file's beginning or size comes first. */
function startsWithFileCheck(condition: string): boolean {
  return /^(?:\( )?(?:u?int(?:8|16|32)(?:be)? \(|filesize)/.test(condition)
}
