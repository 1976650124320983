import type { Diagnostic } from '@tocsin/model'
import { checkQuestion } from '../check-question.ts'
import { printQuestion } from '../print-question.ts'
import type { Question } from '../question.ts'
import { QuestionFault } from './fault.ts'
import type { Mention } from './mention.ts'
import { parseSyntax } from './parse-syntax.ts'
import { type Choice, isMixed, mentionsIn, resolve } from './resolve.ts'
import type { QuestionSyntax } from './syntax.ts'

export interface Parse {
  readonly question: Question
  /** Its canonical text, which has this one parse. */
  readonly text: string
  /** The text that was parsed was this one already. */
  readonly isCanonical: boolean
}

export interface Parsed {
  /** The most likely first; more than one where the text leaves open what is meant. */
  readonly parses: readonly Parse[]
  /** Why there is none. */
  readonly diagnostics: readonly Diagnostic[]
}

const mostParses = 10

/** Reads a question as a person writes it. */
export function parseQuestion(text: string): Parsed {
  try {
    return parsesOf(text, parseSyntax(text))
  } catch (error) {
    if (error instanceof QuestionFault) return { parses: [], diagnostics: [error.diagnostic] }
    throw error
  }
}

function parsesOf(text: string, syntax: QuestionSyntax): Parsed {
  const tights = isMixed(syntax) ? (['and', 'or'] as const) : (['and'] as const)
  const found = new Map<string, Parse>()
  const diagnostics = new Map<string, Diagnostic>()
  for (const choice of choicesOf(mentionsIn(syntax))) {
    for (const tight of tights) {
      const question = resolve(syntax, choice, tight)
      const faults = checkQuestion(question)
      for (const fault of faults) diagnostics.set(fault.message, fault)
      if (faults.length > 0) continue
      const canonical = printQuestion(question)
      found.set(canonical, { question, text: canonical, isCanonical: isSame(text, canonical) })
    }
  }
  if (found.size === 0) return { parses: [], diagnostics: [...diagnostics.values()].slice(0, mostParses) }
  return { parses: [...found.values()].slice(0, mostParses), diagnostics: [] }
}

/** Ways to read all mentions, the likely ones first; the same words mean the same sensor. */
function choicesOf(mentions: readonly Mention[]): readonly Choice[] {
  let choices: readonly { readonly choice: Choice; readonly penalty: number }[] = [
    { choice: new Map(), penalty: 0 },
  ]
  for (const mention of mentions) {
    choices = choices
      .flatMap(({ choice, penalty }) =>
        mention.candidates.map((candidate) => ({
          choice: new Map([...choice, [mention, candidate.sensor]]),
          penalty: penalty + candidate.penalty,
        })),
      )
      .sort((left, right) => left.penalty - right.penalty)
      .slice(0, mostParses)
  }
  return choices.map(({ choice }) => choice)
}

/** Quotes, case and blanks aside. */
function isSame(text: string, canonical: string): boolean {
  const plain = (each: string) => each.toLowerCase().replaceAll('"', '').replace(/\s+/g, ' ').trim()
  return plain(text) === plain(canonical)
}
