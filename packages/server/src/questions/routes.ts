import * as contracts from '@tocsin/api/v1/questions.ts'
import { columnsOf, parseQuestion, sensorHash, sensors, toWire } from '@tocsin/questions'
import { type Route, route } from '../http/serve.ts'
import { isoTime, isoTimeOrNull } from '../storage/times.ts'
import { ask } from './ask.ts'
import { reachOf } from './policy.ts'
import { removeQuestion } from './remove.ts'
import { endpointsOfQuestion, questionReport, rowsOfQuestion } from './report.ts'
import { type AskedQuestion, findQuestions, questionById } from './store.ts'

export const routes: readonly Route[] = [
  route(contracts.parseQuestionContract, async ({ query }) => {
    const { parses, diagnostics } = parseQuestion(query.text)
    return {
      parses: parses.map(({ question, text, isCanonical }) => ({
        ...{ text, canonical: isCanonical, wire: toWire(question, text, isCanonical) },
      })),
      diagnostics: diagnostics.map((each) => ({ ...each })),
    }
  }),
  route(contracts.askQuestion, async ({ context, principal, body }) =>
    shown(await ask(context, principal, body)),
  ),
  route(contracts.listQuestions, async ({ context, principal, query }) => ({
    items: (
      await findQuestions(context.database, { ...query, saved: query.saved, reach: reachOf(principal) })
    ).map(shown),
  })),
  route(contracts.readQuestion, async ({ context, principal, params }) => {
    const { question, states, ...report } = await questionReport(context, params.id, reachOf(principal))
    const { rows, dropped } = question
    return { ...shown(question), ...report, states: { ...states }, rows, dropped }
  }),
  route(contracts.readQuestionRows, async ({ context, principal, params, query }) => {
    const question = await questionById(context.database, params.id, reachOf(principal))
    const items = await rowsOfQuestion(context.database, params.id, query)
    return {
      columns: shownColumns(question),
      total: question.rows,
      items: items.map(({ cells, count }) => ({ cells: [...cells], count })),
    }
  }),
  route(contracts.readQuestionEndpoints, async ({ context, principal, params, query }) => {
    const question = await questionById(context.database, params.id, reachOf(principal))
    const items = await endpointsOfQuestion(context, question, query)
    return { items: items.map((each) => ({ ...each, notes: [...each.notes] })) }
  }),
  route(contracts.removeQuestion, async ({ context, principal, params }) => {
    await removeQuestion(context, principal, params.id)
    return { id: params.id }
  }),
  route(contracts.listSensors, async () => ({
    items: sensors.map(({ name, description, parameters, columns, platforms, isSecret }) => ({
      ...{ name, hash: sensorHash(name), description, platforms: [...platforms], secret: isSecret },
      columns: columns.map((each) => ({ ...each })),
      parameters: parameters.map(({ key, label, usual = null }) => ({ key, label, usual })),
    })),
  })),
]

function shown(question: AskedQuestion) {
  const { id, text, name, group, askedBy } = question
  return {
    ...{ id, text, name, group, askedBy, columns: shownColumns(question) },
    askedAt: isoTime(question.createdAt),
    expiresAt: isoTimeOrNull(question.expiresAt),
  }
}

function shownColumns({ question }: AskedQuestion) {
  return columnsOf(question.selects).map(({ sensor, name, type }) => ({ sensor, name, type }))
}
