import { cyboxCodes } from './formats/cybox/codes.ts'
import { listCodes } from './formats/list/codes.ts'
import { mispCodes } from './formats/misp/codes.ts'
import { openIocCodes } from './formats/openioc/codes.ts'
import { sigmaCodes } from './formats/sigma/codes.ts'
import { signalCodes } from './formats/signal/codes.ts'
import { stixCodes } from './formats/stix/codes.ts'
import { stix2Codes } from './formats/stix2/codes.ts'
import { yaraCodes } from './formats/yara/codes.ts'
import { readingCodes } from './reading-codes.ts'
import { checkCodes } from './rules/codes.ts'
import { xmlCodes } from './xml/codes.ts'

/** Codes that are said about one thing. */
export interface CodeTable {
  readonly about: string
  readonly codes: Readonly<Record<string, string>>
}

/** Every code that a diagnostic of a document can carry, in the order in which a document meets them. */
export const diagnosticCodes: readonly CodeTable[] = [
  { about: 'Any document', codes: readingCodes },
  { about: 'XML', codes: xmlCodes },
  { about: 'OpenIOC', codes: openIocCodes },
  { about: 'STIX 1', codes: stixCodes },
  { about: 'CybOX', codes: cyboxCodes },
  { about: 'STIX 2', codes: stix2Codes },
  { about: 'YARA', codes: yaraCodes },
  { about: 'Signals', codes: signalCodes },
  { about: 'Sigma', codes: sigmaCodes },
  { about: 'MISP', codes: mispCodes },
  { about: 'Lists', codes: listCodes },
  { about: 'Conditions, whatever their format', codes: checkCodes },
]
