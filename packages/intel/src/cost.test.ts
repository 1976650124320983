import type { Condition } from '@tocsin/model'
import { expect, test } from 'vitest'
import { costOf } from './cost.ts'
import { and, not, or, same, term } from './subsumption/samples.ts'

const path = term('file.path', 'ends with', '/dropper')
const slow = term('file.path', 'matches', '[0-9]+')

test.each<[string, Condition, string]>([
  ['a value', path, 'low'],
  ['two characters of a path', term('file.path', 'contains', 'sh'), 'high'],
  ['two characters of a process, which starts seldom', term('process.path', 'contains', 'sh'), 'medium'],
  ['a pattern that needs no text', slow, 'high'],
  ['a pattern that needs a text', term('file.path', 'matches', 'evil-[0-9]+'), 'medium'],
  ['a denial alone', not(path), 'high'],
  ['a denial of a value', term('file.path', 'is', '/x', { negate: true }), 'high'],
  ['a denial beside a value', and(not(path), path), 'low'],
  ['the worst of two alternatives', or(path, slow), 'high'],
  ['the best of two needs', same('file', and(slow, path)), 'low'],
  ['what the event did', term('file.operation', 'is', 'write'), 'high'],
  [
    'a pattern of the process of each connection',
    same('network', term('process.path', 'matches', '[0-9]+')),
    'high',
  ],
  ['ancestors', term('process.ancestry_name', 'is', 'nginx'), 'medium'],
  ['whatever exists', term('network.remote_port', 'exists', true), 'high'],
  ['contents', { kind: 'content', source: 'd', engines: ['yara-x'], modules: [], of: 'file' }, 'high'],
])('%s', (_, condition, expected) => {
  expect(costOf({ condition }).class).toBe(expected)
})

test('the reason names the part that makes it expensive', () => {
  expect(costOf({ condition: or(path, slow) })).toEqual({
    class: 'high',
    why: 'the pattern “[0-9]+” needs no text of 3 characters: it is evaluated on every file event',
    at: [1],
  })
})
