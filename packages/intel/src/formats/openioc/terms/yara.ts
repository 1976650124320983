import type { TermGroup } from './entry.ts'

/** Parts of YARA rules, which speak of one file with the terms of FileItem. */
export const yaraGroup: TermGroup = {
  prefix: 'Yara',
  object: 'file',
  from: 'either',
  terms: {
    TextString: { kind: 'yara', part: 'text' },
    HexString: { kind: 'yara', part: 'hex' },
    RegexString: { kind: 'yara', part: 'regex' },
    FileSize: { kind: 'yara', part: 'size' },
    Yara: { kind: 'yara', part: 'rule' },
  },
  missing: { ruleName: 'RuleName' },
}
