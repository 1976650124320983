import type { Diagnostic } from '@tocsin/model'

/** What a question can have wrong with it. */
export const questionCodes = {
  QST001: 'The question is empty, or longer than 10,000 characters.',
  QST002: 'The text is no question.',
  QST003: 'No sensor has this name.',
  QST004: 'The sensor takes other parameters.',
  QST005: 'The sensor has no such column, or the test has to name one.',
  QST006: 'A number is compared with what is none.',
  QST007: 'The pattern is no regular expression in RE2 syntax, or too large.',
  QST008: 'The question has too many parts, or they lie too deep.',
  QST009: 'The wire form says what a question cannot say.',
  QST010: 'The text can be read in this way, and in others.',
} as const
export type QuestionCode = keyof typeof questionCodes

/** Why a text is no question. */
export class QuestionFault extends Error {
  readonly diagnostic: Diagnostic

  constructor(code: QuestionCode, message: string, more: Pick<Diagnostic, 'span' | 'hint'> = {}) {
    super(message)
    this.diagnostic = { code, severity: 'error', message, ...more }
  }
}
