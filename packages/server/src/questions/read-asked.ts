import type { Diagnostic } from '@tocsin/model'
import { fromWire, parseQuestion, printQuestion, type Question, type WireQuestion } from '@tocsin/questions'
import type { Context } from '../context.ts'
import { groupById } from '../endpoints/index.ts'
import { Failure } from '../http/failure.ts'

export interface Asked {
  readonly text?: string | undefined
  readonly wire?: WireQuestion | undefined
  readonly group?: number | undefined
}

/** The one question that a text or a wire form says; of several readings nobody chooses but the asker. */
export async function readAsked(context: Context, asked: Asked): Promise<Question> {
  const { text, wire } = asked
  if ((text === undefined) === (wire === undefined))
    throw new Failure('request.malformed', { detail: 'Send either a text or a wire form.' })
  const question = text === undefined ? await ofWire(context, wire) : ofText(text)
  if (asked.group === undefined || question.group !== null) return question
  return { ...question, group: (await groupById(context.database, asked.group)).name }
}

function ofText(text: string): Question {
  const { parses, diagnostics } = parseQuestion(text)
  const [parse, ...others] = parses
  if (parse === undefined) throw new Failure('question.unreadable', { diagnostics })
  if (others.length > 0) throw new Failure('question.ambiguous', { diagnostics: parses.map(readingOf) })
  return parse.question
}

async function ofWire(context: Context, wire: WireQuestion | undefined): Promise<Question> {
  if (wire === undefined) throw new Failure('request.malformed')
  const { id, name } = wire.context_group ?? {}
  const group = id === undefined ? (name ?? null) : (await groupById(context.database, id)).name
  const read = fromWire(wire, group)
  if ('diagnostics' in read) throw new Failure('question.unreadable', { diagnostics: read.diagnostics })
  return read.question
}

function readingOf({ text }: { readonly text: string }): Diagnostic {
  return { code: 'QST010', severity: 'note', message: text }
}

/** Its canonical text, which is kept and shown. */
export function textOf(question: Question): string {
  return printQuestion(question)
}
