import { editDistance } from '@tocsin/model'
import type { Operator } from './question.ts'

/** Words of the language: inside a name or a value they need quotes. */
const reserved =
  /(?:^|\s)(?:all|and|any|containing|contains|does(?:\s+not)?\s+match|ending|ends|equals|from|get|having|in|matches|matching|not|or|starting|starts|with)(?=\s|$)/i
const reservedCharacters = /[".,:?$()[\]<>=!]/

/** A word that a name, a value or a parameter ends before. */
export const stopWord = /^(?:and|or|from|with|having)(?![^\s,()[\]"])/i

/** Each way to write an operator, the longest first; `negated` ones mean that the test must not hold. */
export const operatorWords: readonly (readonly [pattern: RegExp, operator: Operator, isNegated: boolean])[] =
  [
    ...(['>=', '<=', '>', '<'] as const).map(
      (mark) => [new RegExp(`^not +${mark}`, 'i'), mark, true] as const,
    ),
    [/^(?:>=|is +at +least\b)/i, '>=', false],
    [/^(?:<=|is +at +most\b)/i, '<=', false],
    [/^(?:!=|<>)/, 'equals', true],
    [/^=/, 'equals', false],
    [/^(?:>|(?:is +)?(?:greater|more) +than\b)/i, '>', false],
    [/^(?:<|(?:is +)?(?:less|fewer) +than\b)/i, '<', false],
    ...(
      [
        ['contain(?:s|ing)?', 'contains'],
        ['start(?:s|ing)? +with', 'starts with'],
        ['end(?:s|ing)? +with', 'ends with'],
        ['equals?(?: +to)?|is(?= )', 'equals'],
        ['match(?:es|ing)?', 'matches'],
      ] as const
    ).flatMap(([words, operator]) => [
      [new RegExp(`^(?:(?:does +)?not +|is +not +)(?:${words})\\b`, 'i'), operator, true] as const,
      [new RegExp(`^(?:does +)?(?:${words})\\b`, 'i'), operator, false] as const,
    ]),
  ]

/** A word that begins an operator, so that no name goes on there. */
export const operatorStart =
  /^(?:(?:contain|start|end|match)(?:s|es|ing)?|equals?|does|not|is(?= +(?:not|greater|less|more|fewer|at)\b)|greater|less)(?![^\s,()[\]"])|^[<>=!]/i

const spelt = [
  ...(['contains', 'containing'] as const).map((word) => [word, 'contains'] as const),
  ...(['equals', 'equal'] as const).map((word) => [word, 'equals'] as const),
  ...(['matches', 'matching'] as const).map((word) => [word, 'matches'] as const),
] as const

/** An operator of one word with one wrong letter, and how long that word is. */
export function misspeltOperator(
  rest: string,
): { readonly operator: Operator; readonly length: number } | undefined {
  const [word = ''] = /^[a-z]{5,11}(?= )/i.exec(rest) ?? []
  const near = spelt.find(([right]) => word !== '' && editDistance(word.toLowerCase(), right) === 1)
  return near === undefined ? undefined : { operator: near[1], length: word.length }
}

export function isMisspeltOperator(rest: string): boolean {
  return misspeltOperator(rest) !== undefined
}

/** As it stands in canonical text. */
export function quoted(text: string): string {
  const isPlain =
    text.trim() === text &&
    text !== '' &&
    !/[^\S ]|\s\s/.test(text) &&
    !reservedCharacters.test(text) &&
    !reserved.test(text)
  return isPlain ? text : `"${text.replaceAll('"', '""')}"`
}
