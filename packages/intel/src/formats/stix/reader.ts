import type { YaraValidator } from '../../document.ts'
import type { Reader } from '../cybox/reader.ts'

/** A STIX document holds rules of YARA too. */
export interface StixReader extends Reader {
  readonly yara: YaraValidator
}
