import { sensorNamed, usesIn } from '@tocsin/questions'
import type { Principal } from '../access/index.ts'
import { record } from '../audit/index.ts'
import type { Context } from '../context.ts'
import { groupByName } from '../endpoints/index.ts'
import { Failure } from '../http/failure.ts'
import { scopeOf } from './policy.ts'
import { type Asked, readAsked, textOf } from './read-asked.ts'
import {
  type AskedQuestion,
  forgetOldQuestions,
  insertQuestion,
  insertTargets,
  questionById,
} from './store.ts'

const second = 1_000_000

export interface AskOptions extends Asked {
  /** Keeps the question, so that endpoints which join later answer it, too. */
  readonly save?: string | undefined
  readonly expireSeconds: number
}

/** Asks every endpoint that is meant and that the asker may ask; answers come as they come. */
export async function ask(
  context: Context,
  principal: Principal,
  options: AskOptions,
): Promise<AskedQuestion> {
  const { database } = context
  const question = await readAsked(context, options)
  const isSecret = usesIn(question).some(({ sensor }) => sensorNamed(sensor)?.isSecret === true)
  const group = question.group === null ? null : (await groupByName(database, question.group)).id
  const groups = scopeOf(principal, group, isSecret)
  const now = context.now()
  const { save: name = null } = options
  const expiresAt = name === null ? now + options.expireSeconds * second : null
  const text = textOf(question)
  const id = await database.transaction(async (within) => {
    await forgetOldQuestions(within, now)
    const made = await insertQuestion(within, {
      ...{ text, question, name, group, groups, isSecret, now, expiresAt, user: principal.user },
    })
    if (made === undefined) throw new Failure('question.name-taken')
    const endpoints = await insertTargets(within, made, now)
    await record(within, principal, 'question.ask', made, { text, name, groups, endpoints })
    return made
  })
  await context.bus.publish('questionAsked', { question: id })
  return questionById(database, id)
}
