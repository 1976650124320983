import { expect, test } from 'vitest'
import { progressLine, type QuestionProgress, remarkLines, rowLines } from './answer-lines.ts'

const progress: QuestionProgress = {
  ...{ id: 4, text: 'Get Uptime from all machines', name: null, group: null, columns: [], askedBy: 'admin' },
  ...{ askedAt: '2026-01-01T00:00:00.000Z', expiresAt: null, state: 'asking', targets: 9, estimatedTotal: 8 },
  ...{ tested: 6, passed: 5, states: { offline: 1, undecided: 2, answered: 4 }, cut: 1, rows: 7, dropped: 0 },
}
const endpoint = { endpoint: 'x', computerName: 'web-1', state: 'answered', rows: 1, cut: false, took: 1 }

test('progress says how many endpoints of those that can answer have answered', () => {
  expect(progressLine(progress)).toBe('question 4: asking, 6 of 8 endpoints (75 %), 7 rows')
})

test('rows stand under their columns, with units, and nothing in them moves the terminal', () => {
  const columns = [
    { sensor: 'Computer Name', name: 'Computer Name', type: 'text' as const },
    { sensor: 'Memory', name: 'Total', type: 'bytes' as const },
    { sensor: 'Memory', name: 'Used', type: 'percent' as const },
  ]
  const items = [
    { cells: ['web\u001b[31m', 2 ** 31, 12.5], count: 3 },
    { cells: ['db', { missing: 'no results' }, null], count: 1 },
  ]
  expect(rowLines({ columns, items })).toEqual([
    'Computer Name  Memory:Total  Memory:Used  count',
    'web�[31m       2.0 GiB       12.5 %           3',
    'db             [no results]                   1',
  ])
})

test('what did not go as asked is said', () => {
  const notes = ['Processes: it took too long']
  expect(
    remarkLines(
      progress,
      [
        { ...endpoint, notes },
        { ...endpoint, notes: [] },
      ],
      5,
    ),
  ).toEqual([
    '2 more rows: --limit and --offset show them',
    '2 endpoints cannot tell whether they are meant',
    '1 endpoints have not answered',
    '1 endpoints had more rows than one may tell',
    'web-1: Processes: it took too long',
  ])
})
