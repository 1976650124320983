import type { Diagnostic } from '@tocsin/model'
import type { IntelDocument } from '../document.ts'
import { contradiction } from './contradiction.ts'
import { emptyValue } from './empty-value.ts'
import { expensive } from './expensive.ts'
import { knownGood } from './known-good.ts'
import { matchesEverything } from './matches-everything.ts'
import { misfittingValue } from './misfitting-value.ts'
import { negationOnly } from './negation-only.ts'
import { neverEvaluable } from './never-evaluable.ts'
import type { Check } from './remark.ts'

const checks: readonly Check[] = [
  matchesEverything,
  negationOnly,
  neverEvaluable,
  contradiction,
  emptyValue,
  misfittingValue,
  knownGood,
  expensive,
]
const mostOfOneCheck = 100

/** Runs every check over a document; the result has warnings only. */
export function checkDocument(document: IntelDocument): readonly Diagnostic[] {
  return checks.flatMap((check) => check(document).slice(0, mostOfOneCheck))
}
