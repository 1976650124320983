import { expect, test } from 'vitest'
import { cellText, holdsOfMachine, holdsOfRow, joinRows, parseQuestion, type Row } from '../index.ts'
import type { Filter } from '../question.ts'

function fromOf(text: string): Filter {
  const from = parseQuestion(`Get Computer Name from all machines with ${text}`).parses[0]?.question.from
  if (from == null) throw new Error(`${text} is no filter`)
  return from
}
const disks: readonly Row[] = [
  ['/', '/dev/sda1', 'ext4', 10 * 2 ** 30, 2 ** 30, 90],
  ['/home', '/dev/sdb1', 'xfs', 10 * 2 ** 30, 9 * 2 ** 30, 10],
]
const machine = (text: string, rows = disks, isWhole = true) =>
  holdsOfMachine(fromOf(text), () => ({ rows, isWhole }))

test('a test holds of a machine if it holds of any row, and its opposite if it holds of none', () => {
  expect(machine('Disk:Used > 80%')).toBe('match')
  expect(machine('Disk > 95%')).toBe('no-match')
  expect(machine('Disk:Type not contains ext')).toBe('no-match')
  expect(machine('Disk:Type not contains ntfs')).toBe('match')
  expect(machine('Disk:Free < 2 GB and Disk:Type equals EXT4')).toBe('match')
  expect(machine('Disk matches "/dev/sd[ab]1"')).toBe('match')
  expect(machine('Disk matches "/dev/sd"')).toBe('no-match')
})

test('what could not be read decides nothing', () => {
  expect(machine('Disk:Type contains ntfs', disks, false)).toBe('inconclusive')
  expect(machine('Disk:Type not contains ntfs', disks, false)).toBe('inconclusive')
  expect(machine('Disk:Type contains xfs', disks, false)).toBe('match')
  expect(machine('Disk:Used > 1', [['/', null, 'ext4', 1, 1, { missing: 'unknown' }]])).toBe('inconclusive')
})

test('all tests of rows read the same row', () => {
  const filter = fromOf('Disk:Type equals ext4 and Disk:Mount Point equals "/home"')
  expect(disks.map((row) => holdsOfRow(filter, row))).toEqual(['no-match', 'no-match'])
  expect(machine('Disk:Type equals ext4 and Disk:Mount Point equals "/home"')).toBe('match')
})

test('a sensor of one row stands in each, one without rows says why, and others stand side by side', () => {
  const use = (sensor: string) => ({ sensor, parameters: [] })
  const rows = joinRows([
    { use: use('Computer Name'), rows: [['web-1']], missing: null },
    { use: use('Running Processes'), rows: [['a'], ['b'], ['c']], missing: null },
    { use: use('IP Address'), rows: [['10.0.0.1'], ['10.0.0.2']], missing: null },
    { use: use('Memory'), rows: [], missing: 'not on this platform' },
  ])
  const none = { missing: 'not on this platform' }
  expect(rows).toEqual([
    ['web-1', 'a', '10.0.0.1', none, none, none],
    ['web-1', 'b', '10.0.0.2', none, none, none],
    ['web-1', 'c', null, none, none, none],
  ])
})

test('cells are written with their units', () => {
  expect(cellText(3 * 2 ** 29, 'bytes')).toBe('1.5 GiB')
  expect(cellText(90_061, 'duration')).toBe('1 d 1 h 1 min')
  expect(cellText(0, 'time')).toBe('1970-01-01T00:00:00.000Z')
  expect(cellText({ missing: 'no results' }, 'text')).toBe('[no results]')
  expect(cellText(Number.MAX_VALUE, 'time')).toBe(String(Number.MAX_VALUE))
})
