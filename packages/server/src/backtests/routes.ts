import * as contracts from '@tocsin/api/v1/backtests.ts'
import { type Route, route } from '../http/serve.ts'
import { isoTime, isoTimeOrNull } from '../storage/times.ts'
import { cancelBacktest } from './cancel.ts'
import { readableGroups } from './policy.ts'
import { backtestReport, type EndpointBacktest } from './report.ts'
import { type BacktestChoice, requestBacktest, requestBacktestOfText } from './request.ts'
import { type Backtest, findBacktests } from './store.ts'

export const routes: readonly Route[] = [
  route(contracts.backtestDocument, async ({ context, principal, body }) =>
    shown(await requestBacktest(context, principal, { ...choiceOf(body), document: body.document })),
  ),
  route(contracts.backtestText, async ({ context, principal, query, raw }) => {
    const { fileName, kind, name } = query
    const hints = {
      ...(fileName === undefined ? {} : { fileName }),
      ...(kind === undefined ? {} : { kind }),
      ...(name === undefined ? {} : { name }),
    }
    return shown(await requestBacktestOfText(context, principal, { ...choiceOf(query), bytes: raw, hints }))
  }),
  route(contracts.listBacktests, async ({ context, principal, query }) => ({
    items: (await findBacktests(context.database, { ...query, groups: readableGroups(principal) })).map(
      shown,
    ),
  })),
  route(contracts.readBacktest, async ({ context, principal, params }) => {
    const report = await backtestReport(context, params.id, readableGroups(principal))
    const { backtest, state, targets, matches, states, results, groups } = report
    return {
      ...shown(backtest),
      ...{ state, targets, matches, states: { ...states } },
      results: results.map(shownResult),
      groups: [...groups],
    }
  }),
  route(contracts.cancelBacktestContract, async ({ context, principal, params }) =>
    shown(await cancelBacktest(context, principal, params.id)),
  ),
]

function choiceOf(asked: {
  readonly group: number
  readonly endpoint?: readonly string[] | undefined
  readonly since?: string | undefined
  readonly until?: string | undefined
}): BacktestChoice {
  const { group, endpoint: endpoints, since, until } = asked
  return { group, endpoints, since: microsOf(since), until: microsOf(until) }
}

/** A time before 1970 is the beginning of time. */
function microsOf(iso: string | undefined): number | undefined {
  return iso === undefined ? undefined : Math.max(0, Date.parse(iso) * 1_000)
}

function shown(backtest: Backtest) {
  const { id, document, name, program, group, requestedBy } = backtest
  return {
    ...{ id, document, name, program, group, requestedBy },
    since: isoTime(backtest.since),
    until: isoTime(backtest.until),
    createdAt: isoTime(backtest.createdAt),
    expiresAt: isoTime(backtest.expiresAt),
    cancelledAt: isoTimeOrNull(backtest.cancelledAt),
  }
}

function shownResult(result: EndpointBacktest) {
  return {
    ...result,
    reached: isoTimeOrNull(result.reached),
    samples: result.samples.map((sample) => ({
      ...sample,
      firstAt: isoTime(sample.firstAt),
      lastAt: isoTime(sample.lastAt),
    })),
    reach: Object.fromEntries(Object.entries(result.reach).map(([object, at]) => [object, isoTime(at)])),
    blind: result.blind.map((each) => ({ ...each, from: isoTime(each.from), to: isoTime(each.to) })),
    updatedAt: isoTime(result.updatedAt),
  }
}
