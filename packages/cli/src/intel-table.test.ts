import { expect, test } from 'vitest'
import { intelTable } from './intel-table.ts'

const document = {
  ...{ id: 7, kind: 'sigma', name: 'a\u001b[31m', revision: 2, deployedRevision: 1, alerts: 3 },
  coverage: { endpoints: 4, live: 3, scan: 0, history: 2, silent: null },
}

test('each document stands with where it can fire and what it raised', () => {
  expect(intelTable([document])).toBe(
    [
      'id  kind   revision  deployed  live  scan  history  alerts  name',
      ' 7  sigma         2  1         3/4   0/4   2/4           3  a�[31m',
    ].join('\n'),
  )
})

test('a document that no endpoint can evaluate is named again, with the reason', () => {
  const silent = { ...document, coverage: { ...document.coverage, silent: 'dns is not recorded' } }
  expect(intelTable([silent, document]).split('\n')).toContain(
    'WARNING: 7 will never raise an alert: dns is not recorded',
  )
  expect(intelTable([document])).not.toContain('WARNING')
})

test('without endpoints nothing is said of where it can fire', () => {
  const nowhere = { endpoints: 0, live: 0, scan: 0, history: 0, silent: null }
  expect(intelTable([{ ...document, deployedRevision: null, coverage: nowhere }])).toContain('no        –')
})
