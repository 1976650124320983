import { expect, test } from 'vitest'
import { pathForms } from './path-forms.ts'

test.each([
  ['/var/log/*', '/var/log/a/b', true],
  ['/var/log/*', '/var/logs', false],
  ['/bin/sh', '/bin/sh', true],
  ['/bin/sh', '/bin/sha', false],
  ['/home/?/x*.tmp', '/home/a/x1.tmp', true],
  ['/home/?/x*.tmp', '/home/ab/x1.tmp', false],
  ['*.swp', '/a/b.swp', true],
])('the form %s takes the path %s: %s', (form, path, isTaken) => {
  const has = pathForms(['/never', form], 'linux')
  expect([has(path), has(path)]).toEqual([isTaken, isTaken])
})

test('paths of Windows have no case', () => {
  expect(pathForms(['C:\\Windows\\*'], 'windows')('c:\\WINDOWS\\x.dll')).toBe(true)
  expect(pathForms(['/Var/*'], 'linux')('/var/x')).toBe(false)
})

test('no form takes no path', () => {
  expect(pathForms([], 'linux')('/a')).toBe(false)
})
