import { type Condition, canonicalText } from '@tocsin/model'
import { normalForm } from '../condition/normal-form.ts'
import { thingsOf } from './things.ts'

/** Whether two conditions name the same things and demand the same of them. */
export function namesTheSame(one: Condition, other: Condition): boolean {
  return formOf(one) === formOf(other)
}

/** Whether they also look for them in the same places. */
export function meansTheSame(one: Condition, other: Condition): boolean {
  return canonicalText(normalForm(one)) === canonicalText(normalForm(other))
}

function formOf(condition: Condition): string {
  return canonicalText(normalForm(thingsOf(normalForm(condition)).condition))
}
