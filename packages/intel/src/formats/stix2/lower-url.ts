import type { Condition } from '@tocsin/model'
import { type UrlPlace, urlOn } from '../lowering/urls.ts'
import type { PropertyTest } from './pattern/ast.ts'

/** A test on a URL as an object shows it; nothing where the object does not tell. */
export function urlConditionOn(test: PropertyTest, place: UrlPlace): Condition | undefined {
  if (test.kind === 'exists' || test.isNegated) return undefined
  const texts = test.constants.flatMap((constant) =>
    constant.kind === 'text' && constant.value !== '' ? [constant.value] : [],
  )
  if (texts.length === 0) return undefined
  if (test.operator === 'LIKE') return place === 'process' ? urlOn(place, 'like', texts) : undefined
  return test.operator === '=' || test.operator === 'IN' ? urlOn(place, 'is', texts) : undefined
}
