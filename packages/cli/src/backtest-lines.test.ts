import { expect, test } from 'vitest'
import { type BacktestReport, backtestLines } from './backtest-lines.ts'

const result: BacktestReport['results'][number] = {
  ...{
    endpoint: '11111111-1111-4111-8111-111111111111',
    computerName: 'web-1',
    state: 'done',
    coverage: 'full',
  },
  ...{ reason: null, message: '', reached: null, events: 70, matches: 0, samples: [], reach: {} },
  ...{ blind: [], blindIntervals: 0, updatedAt: '2026-01-02T00:00:00.000Z' },
}
const report = (results: BacktestReport['results']): BacktestReport => ({
  ...{ id: 1, document: null, name: 'draft', program: 'a'.repeat(64), group: 1, requestedBy: 'admin' },
  ...{ since: '2026-01-01T00:00:00.000Z', until: '2026-01-02T00:00:00.000Z' },
  ...{ createdAt: '2026-01-02T00:00:00.000Z', expiresAt: '2026-01-02T00:15:00.000Z', cancelledAt: null },
  ...{ state: 'done', targets: results.length, matches: 2, states: {}, results, groups: [] },
})

test('history of an endpoint is shown as whole since the latest time that any object reaches', () => {
  const reach = { file: '2026-01-01T07:00:00.000Z', process: '2026-01-01T05:00:00.000Z' }
  const lines = backtestLines(report([{ ...result, reach }]))
  expect(lines.find((line) => line.startsWith('web-1'))).toContain('07:00')
})

test('a sample names who acted and what met the condition, without what a terminal would act on', () => {
  const witnesses = [{ property: 'file.path', seen: '"/tmp/\u001b[2J"', instance: '1' }]
  const sample = {
    ...{ id: 'b'.repeat(64), subject: 's', chain: ['tool\u001b', 'sh'], witnesses },
    ...{ firstAt: '2026-01-01T08:00:00.000Z', lastAt: '2026-01-01T08:00:00.000Z' },
  }
  const lines = backtestLines(report([{ ...result, matches: 2, samples: [sample] }]))
  expect(lines.slice(-3)).toEqual([
    'web-1, 1 of 2:',
    '  2026-01-01T08:00:00.000Z  tool� ← sh',
    '    file.path = "/tmp/�[2J"',
  ])
})

test('an endpoint that gave no whole answer says why', () => {
  const refused = { ...result, state: 'refused' as const, reason: 'no-history', events: 0 }
  const partial = { ...result, state: 'partial' as const, reason: 'fault', message: 'no memory' }
  expect(backtestLines(report([refused, partial])).slice(-2)).toEqual([
    'web-1: it keeps no journal',
    'web-1: it failed: no memory',
  ])
})
